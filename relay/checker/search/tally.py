"""The findings about one claim so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from relay.checker.cases import Case, describe
from relay.checker.claim_batch import ClaimBatch
from relay.checker.fields import is_named
from relay.checker.generic.error_bound import Draws
from relay.checker.search.satisfying import SatisfyingValues
from relay.checker.search.witness import Witness, first_witness
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.values import Value
from relay.text import quantity


@dataclass(slots=True)
class Tally:
    """The witnesses, satisfying values, exhausted budgets and evidence for one claim. The verdict is computed from
    it."""

    refutation: Witness | None = None
    undefined: Witness | None = None
    ran_out: str = ""
    """Where an evaluation or a budget ran out first, in words."""
    untried: str = ""
    """Which values should have been tried because of the statement and were not, in words. Empty if there are none."""
    everywhere: bool = False
    """Whether the claim was proved at all sizes."""
    satisfying: SatisfyingValues = field(default_factory=SatisfyingValues)
    draws: list[Draws] = field(default_factory=list)
    """For the error bound: how many uniform values were tried in fields that are too large to be exhausted."""
    evidence: list[dict[str, Any]] = field(default_factory=list)
    """One record per stage."""
    fuel: int = 0
    """Fuel of the costliest value."""

    @property
    def settled(self) -> bool:
        """Whether no further stage can change the verdict."""
        return self.refutation is not None or self.everywhere

    def run_out(self, what: str) -> None:
        """Records what ran out. Only the first call has an effect."""
        self.ran_out = self.ran_out or what

    def note(self, seen: ClaimBatch, model: Algebra, case: Case, values: Mapping[str, Value], lanes: int) -> None:
        """Records one batch of values."""
        self.fuel = max(self.fuel, seen.fuel)
        if seen.exhausted.any():
            # a claim can burn fuel at the case that tells the order of a drawn field
            at = f"at {describe(case) or 'a value'} " if is_named(model) else ""
            self.run_out(f"fuel, {at}in {model.name}")
        self.satisfying.note(seen, model, case, values, lanes)
        self.note_witnesses(seen, model, case, values)

    def note_witnesses(self, seen: ClaimBatch, model: Algebra, case: Case, values: Mapping[str, Value]) -> None:
        """Keeps the first value that refutes the claim, and the first for which it is undefined."""
        if seen.false.any() and self.refutation is None:
            self.refutation = first_witness(seen.false, model, case, values)
        if seen.undefined.any() and self.undefined is None:
            self.undefined = first_witness(seen.undefined, model, case, values)

    def note_draws(self, seen: ClaimBatch, model: Algebra, case: Case, uniform: slice) -> None:
        """If the field is large, records for the error bound how many of the `uniform` lanes satisfied the
        hypothesis."""
        # Small fields are exhausted or too small for a bound; random rationals are not uniform.
        if model.order is None and model.characteristic:
            done = seen.satisfied & ~seen.exhausted
            self.draws.append(Draws(case, model.elements, int(done[uniform].sum())))

    @property
    def models(self) -> set[str]:
        """The names of all models that were tried."""
        return {name for record in self.evidence for name in record.get("models", ())}

    @property
    def told(self) -> str:
        """The number of models that were tried and the number of distinct satisfying values, in words."""
        return f"{quantity(len(self.models), 'model')}, {self.satisfying.counted}"
