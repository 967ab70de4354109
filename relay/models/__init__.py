"""Models of the notation: arithmetic on arrays, and nothing about terms."""

from relay.models.base import Array, Model, TooLarge, Undecidable
from relay.models.finite import GaloisField, PrimeField, QuadraticExtension
from relay.models.infinite import Rationals
from relay.models.polynomials import Polynomials
from relay.models.quadratic import Quadratic, QuadraticField, complexes, reals
from relay.models.structure import Structure

__all__ = [
    "Array",
    "GaloisField",
    "Model",
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
