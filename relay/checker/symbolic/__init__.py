"""Proofs of claims at all sizes at once, by a normal form for sums over indices.

A scalar is written as a sum of monomials. A monomial is an integer times a product of entries such as `A[i, k]`,
summed over some indices. A product of matrices becomes a word in such a sum, a transposed matrix has the same entries
with exchanged indices, and a trace is a closed word. Therefore two terms that are equal by the laws of sums and
products have one normal form.

Determinants and adjugates become symbols if the text of their definition is a known one. The values of functions that
recurse on a natural number become symbols, too.

A claim proved here is true in every commutative ring with an involution, at every size. If there is no proof, that says
nothing about the claim.
"""

from relay.checker.symbolic.prover import Certificate, prove

__all__ = ["Certificate", "prove"]
