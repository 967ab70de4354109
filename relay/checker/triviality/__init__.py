"""Recognises claims that say nothing about the definitions that they rest on.

`trivial` contains the rules. `random_interpretation` tries the costliest rule once, in a cheap way. `same_unfolded`
compares two terms with their calls unfolded. These modules do not examine whether a claim is true.
"""
