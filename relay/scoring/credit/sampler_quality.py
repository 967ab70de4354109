"""How good a form's sampler is.

Of the values on which definitions are compared, some make the form true, and some just miss that. Both are counted, at
sizes and lengths 2 and 3, or only 2 if the form ranges over a type.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from relay.checker.cases import box, dimensions
from relay.checker.fields import large_fields, small
from relay.checker.sampling.parameter_values import shape
from relay.notation.dependencies import ranges_over_fields
from relay.notation.syntax import BoolType, Definition, Term
from relay.records.record import Record
from relay.scoring.credit.sampling import batch, truth
from relay.scoring.theory import CheckedForm
from relay.seeds import content_generator

PARTS = 3
"""At least one value in so many must make the form true, and at least one in so many must just miss that."""
LANES = 48
"""Values per case."""
SIZES = (2, 3)
"""Smallest and largest size at which the sampler is measured."""


class Shares(Record):
    """Counts over the values that a form is compared on, all sizes together."""

    form: str
    predicate: bool
    values: int
    true: int
    """Values that make the form true; if it is no predicate, values in its domain."""
    missed: int
    """False values that are one change away from a true one; 0 if the form is no predicate."""

    @property
    def enough(self) -> bool:
        """Whether a third of the values are true and, for a predicate, a third just miss that."""
        wanted = Fraction(self.values, PARTS)
        return 0 < self.true >= wanted and (not self.predicate or self.missed >= wanted)

    def words(self) -> str:
        """One sentence on what the sampler achieves and what it should, for its author."""
        aim = "make it true" if self.predicate else "lie in its domain"
        missed = f" and {self.missed} just miss that" if self.predicate else ""
        return (
            f"sampler of `{self.form}`: of {self.values} values {self.true} {aim}{missed}, but a third should; give "
            "the form a `sampler` whose values are one change away from being false, or from being true"
        )


def shares(form: CheckedForm, definitions: Mapping[str, Definition]) -> Shares | None:
    """The counts for `form`; None if it is no predicate and has no domain.

    The values are taken from a large field, or from GF(5) if the form ranges over a type.
    """
    definition = form.definition
    predicate = isinstance(definition.result, BoolType)
    if not predicate and form.domain is None:
        return None
    rng = content_generator(definition.key, "shares")
    terms: list[Term] = [definition.body] + ([] if form.domain is None else [form.domain.body])
    ranging = ranges_over_fields(terms, definitions)
    model = small(5) if ranging else large_fields(rng)[0]
    dims = dimensions(definition.parameters, definition.sizes)
    total = true = missed = 0
    for case in box(dims, SIZES[-1]):
        if min(case.values(), default=SIZES[0]) < SIZES[0] or (ranging and max(case.values()) > SIZES[0]):
            continue
        drawn = shape(definition.parameters, case, model)
        if drawn is None:
            continue
        values = batch(form, drawn, model, case, LANES, rng, definitions)
        hit = truth(form, values.values, values.lanes, model, definitions)
        # at some sizes nothing can make it true (three independent vectors of two numbers): these are left out
        if not hit.any():
            continue
        # the batch ends with the sampler's values and as many changed ones (see `Batch.made`)
        made, changed = hit[values.lanes - 2 * values.made : values.lanes - values.made], hit[-values.made :]
        total += values.lanes
        true += int(hit.sum())
        missed += int((made != changed[: len(made)]).sum()) if values.made else 0
    return Shares(form=definition.name, predicate=predicate, values=total, true=true, missed=missed * predicate)
