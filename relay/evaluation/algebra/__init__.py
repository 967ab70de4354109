"""Models of the notation: arithmetic on arrays, and nothing about terms."""

from relay.evaluation.algebra.base import Algebra, Array, TooLarge, Undecidable
from relay.evaluation.algebra.finite_fields import GaloisField, PrimeField, QuadraticExtension
from relay.evaluation.algebra.polynomials import Polynomials
from relay.evaluation.algebra.quadratic_fields import Quadratic, QuadraticField, complexes, reals
from relay.evaluation.algebra.rationals import Rationals
from relay.evaluation.algebra.structure import Structure

__all__ = [
    "Algebra",
    "Array",
    "GaloisField",
    "Polynomials",
    "PrimeField",
    "Quadratic",
    "QuadraticExtension",
    "QuadraticField",
    "Rationals",
    "Structure",
    "TooLarge",
    "Undecidable",
    "complexes",
    "reals",
]
