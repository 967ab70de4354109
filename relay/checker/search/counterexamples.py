"""The search for counterexamples: tries cases in models, and records the results in the tally."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from relay.checker.cases import Case
from relay.checker.claim_batch import probe
from relay.checker.costs import Costs
from relay.checker.sampling.parameter_values import Shape, all_values, count_all, shape
from relay.checker.search.budget import FUEL, LATE_FUEL, PILOT, SearchBudget, sample_size
from relay.checker.search.sampler import Sample, Sampler
from relay.checker.search.tally import Tally
from relay.evaluation.algebra.base import Algebra, TooLarge, Undecidable
from relay.notation.syntax import Claim, Definition
from relay.seeds import content_generator

BLOCK = 16_384
"""Values that are evaluated at once when all values are tried; it bounds the memory."""


@dataclass(slots=True)
class CounterexampleSearch:
    """The search for one claim: its budget, the costs seen so far, and the methods that try values."""

    claim: Claim
    definitions: Mapping[str, Definition]
    sampler: Sampler
    tally: Tally
    steady: bool = False
    """Whether a value costs about the same in every field. This is so if the claim ranges over no type."""
    budget: SearchBudget = field(default_factory=SearchBudget)
    costs: Costs = field(default_factory=Costs)

    # --- what counts for the verdict ---------------------------------------------------------------------------------

    def search(
        self, stage: str, models: Sequence[Algebra], cases: Sequence[Case], lanes: int, exhaust: int, build: bool
    ) -> None:
        """Tries every case in every model, and appends one record to the evidence.

        If a case has at most `exhaust` values in a model, all are tried, as far as the budget goes. Otherwise `lanes`
        random values are tried. With `build`, values at some cases are built to satisfy the hypothesis. Stops at the
        first refutation."""
        if not models or not cases or self.tally.refutation is not None:
            return
        worth = self.sampler.worth_building(cases) if build else ()
        tried = satisfied = 0
        for case, model in product(cases, models):
            if self._ends(model):
                break
            values, found = self._try(model, case, lanes, exhaust, case in worth)
            tried, satisfied = tried + values, satisfied + found
        self.tally.evidence.append(
            {
                "stage": stage,
                "models": [model.name for model in models],
                "cases": len(cases),
                "values": tried,
                "satisfied": satisfied,
                "refuted": self.tally.refutation is not None,
            }
        )

    def _ends(self, model: Algebra) -> bool:
        """Whether the search ends before this model, because of a refutation or of the budget."""
        if self.tally.refutation is not None or self.budget.out_of_patience:
            return True
        if self.budget.out_of_work:
            self.tally.run_out(f"the work allowed for one statement, in {model.name}")
        return self.budget.out_of_work

    def _try(self, model: Algebra, case: Case, lanes: int, exhaust: int, build: bool) -> tuple[int, int]:
        """Tries one case in one model. Returns the number of values tried, and how many satisfied the hypothesis."""
        try:
            drawn = shape(self.claim.parameters, case, model)
        except TooLarge as reason:
            self.tally.run_out(str(reason))
            return 0, 0
        if drawn is None:  # the parameters have no values of such sizes
            return 0, 0
        satisfying = self.tally.satisfying
        if not self.sampler.is_possible(case):  # the numbers alone contradict the hypothesis: as if exhausted
            satisfying.note_model(case, exhausted=True, found=0)
        everything = count_all(drawn, model) if exhaust else None
        if everything is not None and everything <= PILOT:
            found, fuel = self._evaluate(model, case, Sample(all_values(drawn, model, 0, everything), everything))
            self.costs.note(model, case, max(fuel, 1))
            satisfying.note_model(case, exhausted=True, found=found)
            return everything, found
        # seeded by model and case: the values do not depend on what was tried before
        rng = content_generator(
            self.claim.key, model.name, *(f"{d.kind}{d.name}{d.level}={v}" for d, v in case.items())
        )
        cost = self.costs.anywhere(case) if self.steady else 0
        pilot = found = 0
        if not cost:
            pilot = min(PILOT, lanes)
            found, fuel = self._evaluate(model, case, self.sampler.sample(drawn, model, case, pilot, rng, build=False))
            cost = max(fuel, 1)
            self.costs.note(model, case, cost)
        if everything is not None and everything <= exhaust and self.budget.pay_exhausting(everything, cost):
            found += self._exhaust(model, case, drawn, everything)
            satisfying.note_model(case, exhausted=True, found=found)
            return pilot + everything, found
        # below, values are a sample although the stage would have tried them all
        satisfying.sampled = satisfying.sampled or exhaust > 0
        wanted = self.sampler.built_size(lanes, drawn, model) if build else lanes
        more = max(sample_size(wanted, cost) - pilot, 0)
        if more and self.tally.refutation is None:
            found += self._evaluate(model, case, self.sampler.sample(drawn, model, case, more, rng, build))[0]
        satisfying.note_model(case, exhausted=False, found=found)
        return pilot + more, found

    def _exhaust(self, model: Algebra, case: Case, drawn: Shape, everything: int) -> int:
        """Tries all values until one refutes the claim. Returns how many satisfied the hypothesis."""
        found = 0
        for start in range(0, everything, BLOCK):
            if self.tally.refutation is not None:
                break
            stop = min(start + BLOCK, everything)
            found += self._evaluate(model, case, Sample(all_values(drawn, model, start, stop), stop - start))[0]
        return found

    def _evaluate(self, model: Algebra, case: Case, sample: Sample) -> tuple[int, int]:
        """Evaluates the claim for `sample` and records the results in the tally. Returns how many values satisfy the
        hypothesis, and the nodes of the costliest value."""
        # Once a value ran out, the verdict can only be `refuted` or `undecided`, so dear values are given up early.
        late = bool(self.tally.ran_out)
        fuel = LATE_FUEL if late else FUEL
        try:
            seen = probe(self.claim, sample.values, sample.lanes, model, self.definitions, fuel)
        except (Undecidable, TooLarge) as reason:
            self.tally.run_out(str(reason))
            return 0, 0
        self.budget.work -= seen.work
        self.budget.late -= int(late and bool(seen.exhausted.any()))
        self.tally.note(seen, model, case, sample.values, sample.lanes)
        if sample.uniform is not None:
            self.tally.note_draws(seen, model, case, sample.uniform)
        return int(seen.satisfied.sum()), seen.fuel

    # --- counterexamples alone ---------------------------------------------------------------------------------------

    def explore(
        self, stage: str, models: Sequence[Algebra], ladders: Sequence[Sequence[Case]], lanes: int, fuel: int
    ) -> list[Case]:
        """Looks for counterexamples beyond the cases that the verdict covers. Returns the cases that were passed.

        Only values that refute the claim or make it undefined count; running out does not. The ladders, sequences of
        growing cases, are climbed in parallel, one rung at a time. A ladder ends at its first case that runs out in
        some model."""
        if self.tally.refutation is not None:
            return []
        passed: list[Case] = []
        self.budget.begin_exploring()
        climbing = list(range(len(ladders)))
        for rung in range(max((len(ladder) for ladder in ladders), default=0)):
            for n in [n for n in climbing if rung < len(ladders[n])]:
                steps = [self._step(model, ladders[n][rung], lanes, fuel) for model in models]
                if all(steps):
                    passed.append(ladders[n][rung])
                else:
                    climbing.remove(n)
        if any(ladders):
            record = {"stage": stage, "models": [model.name for model in models], "cases": len(passed)}
            self.tally.evidence.append(record)
        return passed

    def _step(self, model: Algebra, case: Case, lanes: int, fuel: int) -> bool:
        """Tries one case of a ladder in one model. Returns whether it was passed: no value ran out, the budget was not
        spent, and the claim was not refuted before."""
        try:
            drawn = shape(self.claim.parameters, case, model)
        except TooLarge:
            return False
        if drawn is None:
            return True
        if self.tally.refutation is not None or not self.budget.explores:
            return False
        rng = content_generator(self.claim.key, "explore", model.name, *case.values())
        sample = self.sampler.sample(drawn, model, case, lanes, rng, build=True)
        try:
            seen = probe(self.claim, sample.values, lanes, model, self.definitions, fuel)
        except (Undecidable, TooLarge):
            return False
        if sample.uniform is not None:
            self.tally.note_draws(seen, model, case, sample.uniform)
        self.budget.work -= seen.work
        self.budget.pay_exploring(seen.fuel)
        self.tally.note_witnesses(seen, model, case, sample.values)
        return not seen.exhausted.any()
