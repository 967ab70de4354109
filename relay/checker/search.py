"""The search for values that refute a claim, and the count of those that satisfy its hypothesis.

Everything drawn derives from the hash of the claim, so that it is fixed only after the claim is, and is the same on
every machine. How many values are drawn depends on the fuel that the claim takes, never on the clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from relay.checker.cases import Case, Dimension
from relay.checker.claim_batch import ClaimBatch, probe
from relay.checker.costs import Costs
from relay.checker.generic.error_bound import Draws
from relay.checker.sampling.construction import Constructor
from relay.checker.sampling.parameter_values import Shape, all_values, count_all, random_values, rows, shape
from relay.checker.sampling.structured_values import bend, plain
from relay.evaluation.algebra.base import Algebra, TooLarge, Undecidable
from relay.evaluation.values import Value, take
from relay.notation.syntax import Claim, Definition
from relay.seeds import content_generator
from relay.text import quantity

FUEL = 1_000_000
"""Nodes that one value may cost."""
LATE_FUEL = 4_000
"""... after another one has run out."""
EXHAUST = 100_000
"""Models and sizes with at most this many values are exhausted."""
EXHAUST_WORK = 16_000_000
"""... as long as that costs no more than this for one claim, in nodes times values; then they are sampled."""
MOST_LATE = 24
"""Batches in which something runs out before the search for a refutation ends."""
PILOT = 16
"""Values of a model and case that are tried first, to learn what one costs."""
SAMPLE_WORK = 300_000
"""Nodes times values for one sample."""
TOTAL_WORK = 120_000_000
"""Nodes times values for one claim, over all models and sizes."""
MOST_EXPLORED = 40_000
"""Nodes that values of all cases of one stage of exploring may cost together."""
BLOCK = 16_384
ENOUGH = 20
"""Distinct satisfying values without which a claim does not hold."""
REMEMBERED = 64
PLAIN = 8
"""One of so many drawn values has each parameter filled with one constant."""
MOST_WORTH = 4
"""Cases of one stage that values are built at."""


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """One value: where it lives and what it is (a batch of one lane)."""

    model: Algebra
    case: Case
    values: Mapping[str, Value]


@dataclass(slots=True)
class CounterexampleSearch:
    """What has been found so far about one claim."""

    claim: Claim
    definitions: Mapping[str, Definition]
    steady: bool = False
    """Whether a value costs about the same in every field: the claim ranges over no type."""
    work: int = 0
    refutation: Witness | None = None
    undefined: Witness | None = None
    ran_out: str = ""
    """The first place where an evaluation ran out, in words."""
    everywhere: bool = False
    """Whether the claim was proved at all sizes."""
    untried: str = ""
    """What the statement asks for and could not be tried, in words."""
    late: int = 0
    """Batches in which something ran out, after the first."""
    unclear: int = 0
    satisfied: int = 0
    characteristics: set[int] = field(default_factory=set)
    """Of the models in which a value satisfied the hypothesis."""
    distinct: dict[tuple[int, ...], set[bytes]] = field(default_factory=dict)
    """Size assignment -> satisfying values, up to `REMEMBERED` of them, models told apart."""
    barren: dict[tuple[int, ...], bool] = field(default_factory=dict)
    """Size assignment -> whether a model was exhausted there and none had a satisfying value; absent: not known."""
    complete: dict[tuple[int, ...], int] = field(default_factory=dict)
    """Size assignment -> how many models were exhausted there and had a satisfying value."""
    sampled: bool = False
    exhausting: int = EXHAUST_WORK
    """What may still be spent on exhausting."""
    stages: list[dict[str, Any]] = field(default_factory=list)
    fuel: int = 0
    explored: int = 0
    """Fuel of the costliest value of each case that was explored in the stage at hand, added up."""
    costs: Costs = field(default_factory=Costs)
    draws: list[Draws] = field(default_factory=list)
    """Uniform values in fields that are too large to be exhausted."""
    constructor: Constructor | None = None
    constants: tuple[int, ...] = (0, 1)
    """Scalars that whole parameters are filled with, now and then."""

    def search(
        self,
        stage: str,
        models: Sequence[Algebra],
        cases: Sequence[Case],
        lanes: int,
        exhaust: int,
        build: bool = False,
    ) -> None:
        """Try every case in every model: all values where there are at most `exhaust` of them, else `lanes` random
        ones, at some cases such as are built to satisfy the hypothesis. Stops at a refutation."""
        if not models or not cases or self.refutation is not None:
            return
        worth = worth_building(self.constructor, cases) if build and self.builds else ()
        tried = counted = 0
        for case in cases:
            for model in models:
                if self.refutation is not None:
                    break
                if self.late > MOST_LATE:
                    break
                if self.work > TOTAL_WORK:
                    self.ran_out = self.ran_out or f"the work allowed for one statement, in {model.name}"
                    break
                try:
                    drawn = shape(self.claim.parameters, case, model)
                except TooLarge as reason:
                    self.ran_out = self.ran_out or str(reason)
                    continue
                if drawn is None:
                    continue
                if self.constructor is not None and not self.constructor.possible(case):
                    self._barren(tuple(v for d, v in case.items() if d.kind == "size"), exhausted=True, found=0)
                values, satisfied = self._one(model, case, drawn, lanes, exhaust, case in worth)
                tried, counted = tried + values, counted + satisfied
        self.stages.append(
            {
                "stage": stage,
                "models": [m.name for m in models],
                "cases": len(cases),
                "values": tried,
                "satisfied": counted,
                "refuted": self.refutation is not None,
            }
        )

    def _one(self, model: Algebra, case: Case, drawn: Shape, lanes: int, exhaust: int, built: bool) -> tuple[int, int]:
        rng = content_generator(
            self.claim.key, model.name, *(f"{d.kind}{d.name}{d.level}={v}" for d, v in case.items())
        )
        key = tuple(v for d, v in case.items() if d.kind == "size")
        everything = count_all(drawn, model) if exhaust else None
        if everything is not None and everything <= PILOT:
            before, self.fuel = self.fuel, 0
            found = self._batch(model, case, all_values(drawn, model, 0, everything), everything, key)
            self.costs.note(model, case, max(self.fuel, 1))
            self.fuel = max(self.fuel, before)
            self._barren(key, exhausted=True, found=found)
            return everything, found
        before, self.fuel = self.fuel, 0
        cost = self.costs.anywhere(case) if self.steady else 0
        pilot = found = 0
        if not cost:
            pilot = min(PILOT, lanes)
            drawn_values = self._draw(drawn, model, pilot, rng, case, built=False)
            uniform = self._uniform(pilot, built=False)
            found = self._batch(model, case, drawn_values, pilot, key, uniform)
            cost = max(self.fuel, 1)
            self.costs.note(model, case, cost)
        if everything is not None and everything <= exhaust and everything * cost <= self.exhausting:
            self.exhausting -= everything * cost
            for start in range(0, everything, BLOCK):
                if self.refutation is not None:
                    break
                stop = min(start + BLOCK, everything)
                found += self._batch(model, case, all_values(drawn, model, start, stop), stop - start, key)
            self._barren(key, exhausted=True, found=found)
            self.fuel = max(self.fuel, before)
            return pilot + everything, found
        self.sampled = self.sampled or exhaust > 0
        if built and self.constructor is not None and self.builds:
            lanes = max(lanes, self.constructor.room(drawn, model))
        more = min(lanes, max(SAMPLE_WORK // cost, PILOT)) - pilot
        if more > 0 and self.refutation is None:
            drawn_values = self._draw(drawn, model, more, rng, case, built)
            found += self._batch(model, case, drawn_values, more, key, self._uniform(more, built))
        self._barren(key, exhausted=False, found=found)
        self.fuel = max(self.fuel, before)
        return pilot + max(more, 0), found

    def _draw(
        self, drawn: Shape, model: Algebra, lanes: int, rng: np.random.Generator, case: Case, built: bool = True
    ) -> dict[str, Value]:
        """Random values; where there is a hypothesis half of them are such as satisfy hypotheses, or three quarters are
        built for this one."""
        values = random_values(drawn, model, lanes, rng, case)
        parameters = {p.name: values[p.name] for p in self.claim.parameters}
        bend(parameters, model, rng, lanes - lanes // self._share, lanes)
        plain(parameters, model, rng, self.constants, lanes // PLAIN)
        if built and self.constructor is not None and self.builds:
            self.constructor.build(values, model, rng, lanes // PLAIN, lanes - lanes // PLAIN)
        return values

    @property
    def _share(self) -> int:
        """One of so many drawn values is bent."""
        return 2 if self.claim.hypothesis is not None else 4

    def _uniform(self, lanes: int, built: bool) -> slice:
        """Which of so many drawn values are uniform."""
        if built and self.constructor is not None and self.builds:
            return slice(0)
        return slice(lanes // PLAIN, lanes - lanes // self._share)

    def _drew(self, seen: ClaimBatch, model: Algebra, case: Case, uniform: slice) -> None:
        """Take note of uniform values in a large field."""
        if model.order is None and model.characteristic:
            done = seen.satisfied & ~seen.exhausted
            self.draws.append(Draws(case, model.elements, int(done[uniform].sum())))

    def explore(
        self, stage: str, models: Sequence[Algebra], ladders: Sequence[Sequence[Case]], lanes: int, fuel: int
    ) -> list[Case]:
        """Look for counterexamples beyond the cases that a verdict speaks about: nothing else that is met there
        counts, running out neither. Each ladder of cases is climbed, all of them step by step, until one runs out;
        returns those that did not."""
        if self.refutation is not None:
            return []
        passed: list[Case] = []
        self.explored = 0
        climbing = list(range(len(ladders)))
        for rung in range(max((len(ladder) for ladder in ladders), default=0)):
            for n in [n for n in climbing if rung < len(ladders[n])]:
                steps = [self._step(model, ladders[n][rung], lanes, fuel) for model in models]
                if all(steps):
                    passed.append(ladders[n][rung])
                else:
                    climbing.remove(n)
        if any(ladders):
            self.stages.append({"stage": stage, "models": [m.name for m in models], "cases": len(passed)})
        return passed

    def _step(self, model: Algebra, case: Case, lanes: int, fuel: int) -> bool:
        """Whether to go on: nothing ran out, and nothing was found."""
        try:
            drawn = shape(self.claim.parameters, case, model)
        except TooLarge:
            return False
        if drawn is None:
            return True
        if self.refutation is not None or self.work > TOTAL_WORK or self.explored > MOST_EXPLORED:
            return False
        rng = content_generator(self.claim.key, "explore", model.name, *case.values())
        values = self._draw(drawn, model, lanes, rng, case)
        try:
            seen = probe(self.claim, values, lanes, model, self.definitions, fuel)
        except (Undecidable, TooLarge):
            return False
        self._drew(seen, model, case, self._uniform(lanes, built=True))
        self.work += seen.work
        self.explored += seen.fuel
        if seen.false.any() and self.refutation is None:
            self.refutation = Witness(model, case, _lane(values, int(np.flatnonzero(seen.false)[0])))
        if seen.undefined.any() and self.undefined is None:
            self.undefined = Witness(model, case, _lane(values, int(np.flatnonzero(seen.undefined)[0])))
        return not seen.exhausted.any()

    def _barren(self, key: tuple[int, ...], exhausted: bool, found: int) -> None:
        if found and exhausted:
            self.complete[key] = self.complete.get(key, 0) + 1
        if found:
            self.barren[key] = False
        elif exhausted:
            self.barren.setdefault(key, True)

    def _batch(
        self,
        model: Algebra,
        case: Case,
        values: Mapping[str, Value],
        lanes: int,
        key: tuple[int, ...],
        uniform: slice | None = None,
    ) -> int:
        """Value the claim; how many values satisfy its hypothesis. Once something ran out only a refutation matters:
        then values cost little or are let go. `uniform` says which values are uniform."""
        late = bool(self.ran_out)
        try:
            seen = probe(self.claim, values, lanes, model, self.definitions, LATE_FUEL if late else FUEL)
        except (Undecidable, TooLarge) as reason:
            self.ran_out = self.ran_out or str(reason)
            return 0
        self.work += seen.work
        self.fuel = max(self.fuel, seen.fuel)
        self.late += int(late and bool(seen.exhausted.any()))
        self._note(seen, model, case, values, lanes, key)
        if uniform is not None:
            self._drew(seen, model, case, uniform)
        return int(seen.satisfied.sum())

    def _note(
        self,
        seen: ClaimBatch,
        model: Algebra,
        case: Case,
        values: Mapping[str, Value],
        lanes: int,
        key: tuple[int, ...],
    ) -> None:
        if seen.exhausted.any() and not self.ran_out:
            self.ran_out = f"fuel, at {describe(case) or 'a value'} in {model.name}"
        self.unclear += int(seen.unclear.sum())
        self.satisfied += int(seen.satisfied.sum())
        if seen.satisfied.any():
            self.characteristics.add(model.characteristic)
        if seen.false.any() and self.refutation is None:
            self.refutation = Witness(model, case, _lane(values, int(np.flatnonzero(seen.false)[0])))
        if seen.undefined.any() and self.undefined is None:
            self.undefined = Witness(model, case, _lane(values, int(np.flatnonzero(seen.undefined)[0])))
        kept = self.distinct.setdefault(key, set())
        if len(kept) < REMEMBERED and seen.satisfied.any():
            table = rows(values, lanes, model)[seen.satisfied]
            naturals = ",".join(str(v) for d, v in case.items() if d.kind != "size")
            for row in table[: 4 * REMEMBERED]:
                kept.add(f"{model.name};{naturals};".encode() + row.tobytes())
                if len(kept) >= REMEMBERED:
                    break

    @property
    def builds(self) -> bool:
        """Whether values are built to satisfy the hypothesis."""
        return self.constructor is not None and self.constructor.useful

    @property
    def lacking(self) -> str:
        """What is missing, in words: the hypothesis is to be satisfied often enough, at two sizes above 1 where it
        allows that; or by every value there is in several fields."""
        if not any(self.distinct):  # no sizes
            return self._too_few(self.distinct) if self.sampled else ""
        above = {key: values for key, values in self.distinct.items() if max(key) > 1}
        met = sum(1 for values in above.values() if values)
        if sum(1 for key, times in self.complete.items() if max(key, default=0) > 1 and times > 1) > 1:
            return ""
        base = [key for key in above if max(key) <= 3]
        others = [key for key in base if not above[key] and not self.barren.get(key, False)]
        if met < 2 and others:
            return (
                "values that satisfy the hypothesis were found at one size only"
                if met
                else "no value was found that satisfies the hypothesis at a size above 1"
            )
        return self._too_few(above if met else self.distinct)

    def _too_few(self, distinct: Mapping[tuple[int, ...], set[bytes]]) -> str:
        count = self._count(distinct)
        return "" if count >= ENOUGH else f"only {count} different values satisfy the hypothesis"

    @property
    def told(self) -> str:
        """In how many models no counterexample was found, and among how many distinct satisfying values, in words."""
        models = {name for stage in self.stages for name in stage.get("models", ())}
        more = any(len(values) >= REMEMBERED for values in self.distinct.values())
        values = f"{self._count(self.distinct)}{' or more' if more else ''} distinct values"
        return f"{quantity(len(models), 'model')}, {values}"

    @staticmethod
    def _count(distinct: Mapping[tuple[int, ...], set[bytes]]) -> int:
        return sum(len(values) for values in distinct.values())


def worth_building(constructor: Constructor | None, cases: Sequence[Case]) -> tuple[Case, ...]:
    """Cases that values are built at: some of those where all sizes are at least 2; chance does for the others."""
    large = [
        c
        for c in cases
        if all(v >= 2 or d.kind != "size" for d, v in c.items()) and (constructor is None or constructor.possible(c))
    ]
    half = MOST_WORTH // 2
    return tuple(large) if len(large) <= MOST_WORTH else (*large[:half], *large[-half:])


def _lane(values: Mapping[str, Value], lane: int) -> dict[str, Value]:
    return {name: take(value, np.array([lane])) for name, value in values.items()}


def describe(case: Case) -> str:
    """A case in words, as `n = 2, k = 0, len(vs) = 1`."""
    return ", ".join(f"{_named(d)} = {v}" for d, v in case.items())


def _named(dimension: Dimension) -> str:
    if dimension.kind != "length":
        return dimension.name
    return f"len({dimension.name}{'[.]' * dimension.level})"
