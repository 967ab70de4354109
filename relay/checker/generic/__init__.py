"""Evaluates a claim once, for generic values, whose scalars are different indeterminates.

`values` makes generic values, and `assumptions` derives from the hypothesis which polynomials in them are zero or not.
`identities` proves a claim size by size. `zero_tests` and `elimination` find characteristics in which its polynomials
vanish together. `roots` finds numbers at which comparisons change. `error_bound` bounds the probability that random
values missed a difference. Proofs for all sizes at once are in `relay.checker.symbolic`.
"""
