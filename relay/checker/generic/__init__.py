"""A claim evaluated once, for values whose scalars are different indeterminates.

`values` makes them, and `assumptions` reads off the hypothesis what holds of them. `identities` proves a claim size by
size; `zero_tests` and `elimination` find characteristics in which its polynomials vanish together, `roots` finds
numbers at which comparisons turn, and `error_bound` says how likely random values were to miss a difference. Proofs for
all sizes at once are in `relay.checker.symbolic`.
"""
