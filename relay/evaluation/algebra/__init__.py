"""The models in which terms have values: fields, rings and finite structures, as arithmetic on arrays.

`base` is the interface. `finite_fields`, `extension_fields`, `rationals`, `quadratic_fields`, `marked_fields` and
`structure` are models in which a task's claims are tried. `polynomials` and `fractions` call two scalars equal only if
they are equal in every field. `scalars` and `plain_numbers` are arithmetic on one scalar at a time. No module here
knows terms or fuel.
"""

from relay.evaluation.algebra.base import Algebra, Array, TooLarge, Undecidable
from relay.evaluation.algebra.finite_fields import GaloisField, PrimeField, QuadraticExtension
from relay.evaluation.algebra.polynomials import Polynomials
from relay.evaluation.algebra.quadratic_fields import Quadratic, QuadraticField, complexes, reals
from relay.evaluation.algebra.rationals import Rationals
from relay.evaluation.algebra.structure import Structure, structure_of

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
    "structure_of",
]
