"""Claims that say nothing about what was defined.

`trivial` has the rules, `random_interpretation` tries the dearest of them once and cheaply, and `same_unfolded`
compares two terms with their calls opened. Whether such a claim is true is not looked at.
"""
