"""Claims proved at all sizes at once, by a normal form for sums over indices.

A scalar is written as a sum of monomials: an integer, a product of entries such as `A[i, k]`, and the indices that it
is summed over. Products of matrices become words in such sums, a transposed matrix is the same entries with their
indices exchanged, a trace is a closed word; so two terms that are
equal by what sums and products are have one normal form. Determinants and adjugates enter as symbols of their own,
through definitions whose text is that of a known one; so do functions that recurse on a natural number.

What is proved here is true in every commutative ring with an involution, at every size.
"""

from relay.checker.symbolic.prover import Certificate, prove

__all__ = ["Certificate", "prove"]
