"""Models of the notation: arithmetic on arrays, and nothing about terms."""

from relay.models.base import Array, Model, TooLarge, Undecidable
from relay.models.finite import GaloisField, PrimeField, QuadraticExtension
from relay.models.infinite import Rationals
from relay.models.polynomials import Polynomials
from relay.models.structure import Structure

__all__ = [
    "Array",
    "GaloisField",
    "Model",
    "Polynomials",
    "PrimeField",
    "QuadraticExtension",
    "Rationals",
    "Structure",
    "TooLarge",
    "Undecidable",
]
