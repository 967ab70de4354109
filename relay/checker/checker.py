"""From a statement to a verdict.

The stages, cheapest first; each leaves a line in the verdict's evidence:

1. a claim of one case without hypothesis: an identity or a small counterexample settles it (`relay.checker.quick`)
2. where there is a hypothesis, small integers: rationals near zero, for counterexamples that read well
3. a proof at all sizes, by a normal form
4. identities of polynomials over the integers, size by size; what they show is tried no further
5. small integers, where there is no hypothesis
6. random values in large prime fields and the square of one
7. small finite fields, exhausted where there are not too many values
8. drawn fields of middling size, and fields whose characteristic divides a constant or a coefficient
9. larger sizes, for counterexamples only
10. `trivial`: does it say anything about what was defined?

A claim about the sorts of a task has one model, which is exhausted. The verdict is a function of the canonical
statement, the definitions that it rests on, the task and `CHECKER`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from relay.checker.cases import REACH, Case, Dimension, Plan, box, dimensions, plan
from relay.checker.characteristics import (
    range_characteristics,
    search_characteristics,
    search_extensions,
    search_unsatisfied,
)
from relay.checker.cutoffs.change_points import turns
from relay.checker.cutoffs.compared_constants import Meetings, meetings
from relay.checker.cutoffs.observed_constants import traced
from relay.checker.cutoffs.sizes_as_scalars import Sized, sized
from relay.checker.fields import (
    exhausted_fields,
    further_fields,
    large_fields,
    middle_fields,
    random_prime,
    ranging_fields,
    small,
    untold,
)
from relay.checker.generic.elimination import eliminated
from relay.checker.generic.error_bound import bound
from relay.checker.generic.identities import Identities, contradictory, identities
from relay.checker.ordered_fields import looked_at, search_ordered
from relay.checker.quick import Settled, settle
from relay.checker.sampling.construction import Constructor, constructor
from relay.checker.search import EXHAUST, CounterexampleSearch, Witness, describe
from relay.checker.symbolic import prove
from relay.checker.triviality.random_interpretation import speaks_of_names
from relay.checker.triviality.trivial import plainly_trivial, trivial
from relay.checker.verdict import OUT_OF_MEMORY, Verdict, by_machine
from relay.evaluation.algebra.base import Algebra, Undecidable
from relay.evaluation.algebra.finite_fields import PrimeField
from relay.evaluation.algebra.rationals import Rationals
from relay.evaluation.algebra.structure import Structure
from relay.evaluation.evaluate import evaluate
from relay.evaluation.printing import show
from relay.notation.comparisons import COMPARISONS
from relay.notation.dependencies import ranges_over_fields
from relay.notation.model_classes import misplaced
from relay.notation.syntax import Apply, Claim, Definition, Statement, Term
from relay.records.status import Status
from relay.records.task import Given
from relay.seeds import content_generator

CHECKER = 4
"""Version of the checker: a change that may change any verdict raises it."""

RAN_OUT = "undecided: ran out of"
"""How it begins what is said where a budget ended; any other `undecided` names what ought to be tried and was not."""

_EVERY = {
    "fields": "every field",
    "reals": "every ordered field",
    "complexes": "every K(i) over an ordered K",
}
_TRIED = {
    "fields": "finite fields and random values",
    "reals": "random values in Q and Q(sqrt(2))",
    "complexes": "random values in Q(i) and Q(sqrt(2))(i)",
}
"""By class: where something was proved, and where no counterexample was found."""
LARGEST = 3
"""Base cases go up to this size."""
BEYOND = (4, 5, 7, 9)
"""Sizes beyond the base cases that every statement without ranges over types is tried at, where that is cheap."""
BEYOND_ONE: Mapping[str, tuple[int, ...]] = {"size": (4, 5, 8), "length": (4, 5, 8), "nat": (4, 5, 8, 13, 21, 40)}
"""Likewise for one of them alone."""
MOST_LADDERS = 8
FEW = 8
"""Cases for the dearer stages."""
MOST_ASKED = 3
"""... and the last so many of those that a constant asks for."""
AUDITED = 4
"""Cases at which a claim that was proved at all sizes is valued."""
LANES = 16
MOST_CONSTANTS = 6
MANY = 512
"""Values in a field where a random one satisfies an equation now and then."""
BUILT = 192
"""... where values are built to satisfy the hypothesis."""
EXPLORE_FUEL = 8_000
"""Nodes that a value of larger sizes may cost."""
BUILT_LANES, BUILT_FUEL = 192, 20_000
"""Values that are built at a larger size, and what one may cost."""
RANGING_FUEL = 60_000
"""Nodes that a value in the larger fields may cost for a statement that ranges over a type."""
AFFORDABLE = 400_000
"""Nodes that a value in the further small fields may cost for such a statement, as far as that can be foreseen."""
HARMLESS_DEGREE = 4
"""Degrees below the number of elements of the fields that every such statement is tried in."""


class Checker:
    """Judges statements about what one task gives."""

    def __init__(self, given: Given) -> None:
        self._structure = Structure(given) if not given.scalars else None

    def judge(self, statement: Statement, definitions: Mapping[str, Definition]) -> Verdict:
        """The verdict on a well-formed statement. `definitions` holds, by key, all that it rests on. Never raises for
        anything that a statement can say; where this process has no room left, that is told as what befell it."""
        if isinstance(statement, Definition):
            return Verdict(status=Status.DEFINED, message="defined")
        try:
            return self._claim(statement, definitions)
        except MemoryError:
            return by_machine(OUT_OF_MEMORY)
        except RecursionError:
            return by_machine("out of stack")

    def _claim(self, claim: Claim, definitions: Mapping[str, Definition]) -> Verdict:
        wrong = misplaced(claim, definitions)
        if wrong is not None:
            return Verdict(status=Status.ILL_FORMED, message=f"ill_formed: {wrong}")
        survey = CounterexampleSearch(claim, definitions)
        if self._structure is None and claim.over == "fields" and claim.hypothesis is None:
            settled = None if dimensions(claim.parameters, claim.sizes) else settle(claim, definitions)
            if settled is not None:
                return self._settled(survey, settled)
        survey.constructor = constructor(claim, definitions)
        rng = content_generator(claim.key, CHECKER, "models")
        dims = dimensions(claim.parameters, claim.sizes)
        terms = [claim.body] if claim.hypothesis is None else [claim.hypothesis, claim.body]
        read = meetings(terms, [p.type for p in claim.parameters], definitions)
        order = [int(n) for n in rng.integers(0, 2**31, size=997)]
        looked: tuple[Algebra, ...]
        looked = (small(3), PrimeField(random_prime(rng))) if self._structure is None else (self._structure,)
        if claim.over != "fields":
            looked = (looked_at(claim.over),)
        met = read.constants | traced(terms, claim.parameters, dims, looked, definitions, rng)
        turned = turns(claim, frozenset(d.name for d in dims if d.kind != "length"), definitions)
        as_scalars = Sized()
        if max(read.scalars, default=0) > 1:  # else there is no constant for a size to meet
            as_scalars = sized(terms, claim.parameters, dims, definitions, claim.key)
        met |= read.scalars if as_scalars.found else frozenset()
        survey.constants = (0, 1, *sorted(c for c in read.scalars if 1 < c < 2**31)[:MOST_CONSTANTS])
        read = replace(read, followed=read.followed and turned.followed and not as_scalars.closing)
        cases = plan(dims, met, LARGEST, order, turned.numbers, turned.together)
        proved = Identities()
        if self._structure is not None:
            survey.search("structure", [self._structure], cases.cases, 4096, exhaust=EXHAUST)
        elif claim.over != "fields":
            proved = search_ordered(survey, cases.cases, dims, read.numbers, _ladders(dims, cases.cases, ()))
        elif ranges_over_fields(terms, definitions):
            self._ranging(survey, cases.cases, read, rng)
        else:
            proved = self._fields(survey, cases.cases, dims, read, rng)
        return self._verdict(survey, cases, dims, read.followed, proved)

    def _settled(self, survey: CounterexampleSearch, settled: Settled) -> Verdict:
        """The verdict on a claim that needs no search."""
        if settled.points:
            survey.stages.append({"stage": "small integers", "models": ["Q"], "values": settled.points})
        if settled.identity is None:
            found = settled.counterexample
            return self._say(survey, Status.REFUTED, f"refuted: {found}", counterexample=found)
        survey.stages.append(settled.identity.record())
        if settled.trivial is not None:
            return self._say(survey, Status.TRIVIAL, f"trivial: {settled.trivial}")
        return self._say(survey, Status.PROVED, "proved", scope="every field, every value")

    @staticmethod
    def _say(survey: CounterexampleSearch, status: Status, message: str, **more: Any) -> Verdict:
        return Verdict(status=status, message=untold(message), evidence=tuple(survey.stages), fuel=survey.fuel, **more)

    def _ranging(
        self, survey: CounterexampleSearch, cases: Sequence[Case], read: Meetings, rng: np.random.Generator
    ) -> None:
        """Search the fields for a claim that speaks of finite ones only."""
        few = tuple(c for c in cases if max(c.values(), default=0) <= 2)
        survey.search("small fields", exhausted_fields()[:2], cases, 256, exhaust=EXHAUST)
        survey.search("small fields", exhausted_fields()[2:], few, 256, exhaust=EXHAUST)
        for field in further_fields(rng):
            affordable = tuple(c for c in few if survey.costs.forecast(field, c) <= AFFORDABLE)
            survey.search("further fields", (field,), affordable, 64, exhaust=0)
        survey.untried = range_characteristics(survey, few, read)
        if survey.refutation is not None or survey.ran_out:
            return
        narrow = sorted(filter(_is_narrow, cases), key=_volume)  # what runs out there does no harm
        for field in ranging_fields(rng, read.degree):
            affordable = tuple(c for c in narrow if survey.costs.forecast(field, c) <= RANGING_FUEL)
            passed = survey.explore("larger fields", (field,), [affordable], LANES, RANGING_FUEL)
            if read.degree > HARMLESS_DEGREE and not any(min(c.values(), default=1) > 0 for c in passed):
                survey.ran_out = survey.ran_out or "room: fields with more elements than its degree are too large"

    def _fields(
        self,
        survey: CounterexampleSearch,
        cases: Sequence[Case],
        dims: Sequence[Dimension],
        read: Meetings,
        rng: np.random.Generator,
    ) -> Identities:
        """Search the fields, but for what is an identity of polynomials; where it is one."""
        claim, definitions = survey.claim, survey.definitions
        conditional = claim.hypothesis is not None
        survey.steady = True
        base = tuple(c for c in cases if max(c.values(), default=0) <= LARGEST)
        integers = base if conditional else ()
        survey.search("small integers", (Rationals(),), integers[:FEW], 12, exhaust=0)
        if survey.refutation is not None or self._at_all_sizes(survey, base, rng):
            return Identities()
        found = Identities() if survey.ran_out else identities(claim, dims, base, definitions)
        integers = () if conditional else tuple(c for c in base if tuple(c.values()) not in found.shown)
        survey.search("small integers", (Rationals(),), integers[:FEW], 12, exhaust=0)
        if survey.refutation is not None:
            return found
        if found.shown:
            survey.stages.append(found.record())
        left = tuple(c for c in cases if tuple(c.values()) not in found.shown)
        first, second, square = large_fields(rng)
        lanes = LANES if not conditional else 3 * LANES
        survey.search("large fields", (first, square), left, lanes, exhaust=0, build=True)
        survey.search("large fields", (second,), left[:FEW], lanes, exhaust=0)
        unproved = tuple(c for c in base if c in left)
        exhausted = unproved or base[: 2 if conditional else 0]  # what is proved must still satisfy its hypothesis
        many = BUILT if survey.builds else MANY  # built values need not be so many
        survey.search("small fields", exhausted_fields(), exhausted, many, exhaust=EXHAUST, build=True)
        asked = tuple(c for c in left if c not in base)[-MOST_ASKED:]
        open_ = (unproved or (exhausted if survey.satisfied == 0 else ()))[:FEW] + asked
        if open_:
            some = () if survey.ran_out else open_[:3] + open_[-1:]
            survey.search("further fields", further_fields(rng), open_, min(many, 256), exhaust=1024, build=True)
            survey.search("middle fields", middle_fields(rng), open_, many, exhaust=0)
            solved = eliminated(claim, some if survey.refutation is None else (), definitions)
            survey.untried = search_characteristics(survey, open_, read, solved)
        ladders = _ladders(dims, cases, found.shown)
        if survey.constructor is None or not survey.builds:
            survey.explore("larger sizes", (first, square), ladders, LANES // 2, EXPLORE_FUEL)
        else:
            ladders = [_possible(ladder, survey.constructor) for ladder in ladders]
            survey.explore("larger sizes", (first, small(2)), [x[:2] for x in ladders], BUILT_LANES, BUILT_FUEL)
        if open_:
            search_extensions(survey, open_, read)  # last, because building values there takes most of what it may
        if conditional and not survey.satisfied and survey.refutation is None:
            search_unsatisfied(survey, base)
        chance = None if survey.refutation is not None else bound(claim, survey.draws, definitions)
        if chance is not None:
            survey.stages.append(chance)
        return found

    def _at_all_sizes(self, survey: CounterexampleSearch, base: Sequence[Case], rng: np.random.Generator) -> bool:
        """Whether the claim was proved at all sizes, and its hypothesis seen to be satisfied. What was proved is valued
        all the same, here and there: the proof and the evaluator have nothing in common."""
        certificate = None if survey.ran_out else prove(survey.claim, survey.definitions)
        if certificate is None:
            return False
        conditional = survey.claim.hypothesis is not None
        lanes = 3 * LANES if conditional else LANES // 2
        survey.search("audit", (PrimeField(random_prime(rng)), small(2, 2)), base[:AUDITED], lanes, exhaust=512)
        if conditional and not survey.satisfied:
            survey.search("audit", exhausted_fields(), base[:FEW], 512, exhaust=EXHAUST)
        if survey.refutation is not None or not survey.satisfied:
            return False
        survey.stages.append({"stage": "all sizes", **certificate.record()})
        survey.everywhere = True
        return True

    def _verdict(
        self, survey: CounterexampleSearch, cases: Plan, dims: Sequence[Dimension], followed: bool, proved: Identities
    ) -> Verdict:
        claim = survey.claim

        def verdict(status: Status, message: str, **more: Any) -> Verdict:
            return self._say(survey, status, message, **more)

        if survey.refutation is not None and self._again(survey, survey.refutation):
            shown = self._describe(claim, survey.refutation, survey.definitions)
            return verdict(Status.REFUTED, f"refuted: {shown}", counterexample=shown)
        if survey.refutation is not None:
            return verdict(Status.UNDECIDED, "undecided: a counterexample was found but could not be confirmed")
        if survey.ran_out:
            return verdict(Status.UNDECIDED, f"{RAN_OUT} {survey.ran_out}")
        if survey.undefined is not None:
            shown = self._describe(claim, survey.undefined, survey.definitions, sides=False)
            return verdict(Status.UNDEFINED, f"undefined: the claim has no value where {shown}", counterexample=shown)
        if survey.satisfied == 0 and claim.hypothesis is None and not proved.inhabited:
            return verdict(Status.UNDECIDED, "undecided: at no size that was tried do its parameters have a value")
        if survey.satisfied == 0 and claim.hypothesis is not None:
            return verdict(Status.VACUOUS, self._nothing(survey, cases.cases, bool(dims)))
        why = plainly_trivial(claim, survey.definitions)
        if why is not None:
            return verdict(Status.TRIVIAL, f"trivial: {why}")
        if not followed:
            return verdict(
                Status.UNDECIDED, "undecided: a size or number in it may meet a constant that takes too long to compute"
            )
        if survey.untried and not survey.everywhere:
            return verdict(Status.UNDECIDED, f"undecided: {survey.untried}")
        if cases.out_of_reach:
            return verdict(
                Status.UNDECIDED,
                f"undecided: a size or number in it meets a constant, and is tried up to {REACH} only, not at "
                + ", ".join(map(str, cases.out_of_reach)),
            )
        few = self._few(cases)
        why = None
        if self._structure is not None or not speaks_of_names(claim, few[0], survey.definitions):
            why = trivial(claim, few, survey.definitions, self._structure)
        if why is not None:
            return verdict(Status.TRIVIAL, f"trivial: {why}")
        if self._structure is not None and not survey.sampled and not dims:
            return verdict(Status.PROVED, "proved", scope="the structure, every value")
        if survey.everywhere:
            where = "all sizes" if dims else "every value"
            return verdict(Status.PROVED, "proved", scope=f"{_EVERY[claim.over]}, {where}")
        if proved.reached and self._structure is None:
            where = _scope_of(box(dims, proved.reached))
            return verdict(Status.PROVED, "proved", scope=f"{_EVERY[claim.over]}, {where}")
        if survey.lacking:
            return verdict(Status.UNDECIDED, f"undecided: {survey.lacking}")
        where = _TRIED[claim.over] if self._structure is None else "random values"
        scope = ", ".join(part for part in (where, survey.told, _spans(cases.cases)) if part)
        return verdict(Status.HOLDS, "holds", scope=scope)

    def _nothing(self, survey: CounterexampleSearch, cases: Sequence[Case], sized: bool) -> str:
        """Why a claim is vacuous, in words."""
        values = sum(stage.get("values", 0) for stage in survey.stages)
        models = sorted({untold(name) for stage in survey.stages for name in stage.get("models", ())})
        note = f"; it is undefined for {survey.unclear} of them" if survey.unclear else ""
        if self._structure is not None:
            certain = not survey.sampled and not sized
        else:
            base = [c for c in cases if max(c.values(), default=0) <= 2]
            certain = contradictory(survey.claim, base, survey.definitions)
        return (
            f"vacuous: no value that satisfies the hypothesis was found, among {values} in {', '.join(models)}{note}; "
            + ("that it contradicts itself is certain" if certain else "that it contradicts itself is not certain")
        )

    def _few(self, cases: Plan) -> list[Case]:
        """A few cases for the rule of random functions: the smallest ones with sizes 2 and 3."""
        wanted = [c for c in cases.cases if max(c.values(), default=2) in (2, 3) and min(c.values(), default=2) >= 2]
        falling = [c for c in wanted if list(c.values()) == sorted(c.values(), reverse=True)]
        chosen = wanted[:2] + falling[1:2] + wanted[-1:]
        return [c for k, c in enumerate(chosen) if c not in chosen[:k]] or list(cases.cases[:3])

    def _again(self, survey: CounterexampleSearch, witness: Witness) -> bool:
        """Evaluate a counterexample once more, by itself."""
        lonely = CounterexampleSearch(survey.claim, survey.definitions)
        lonely._batch(witness.model, witness.case, witness.values, 1, ())
        return lonely.refutation is not None

    def _describe(
        self, claim: Claim, witness: Witness, definitions: Mapping[str, Definition], sides: bool = True
    ) -> str:
        model = witness.model
        parts = [describe({d: v for d, v in witness.case.items() if d.kind == "size"})]
        parts += [f"{p.name} = {show(witness.values[p.name], p.type, 0, model)}" for p in claim.parameters]
        text = ", ".join(part for part in parts if part) or "every value"
        if not isinstance(model, Structure):
            text += f" (in {untold(model.name)})"
        if sides and isinstance(claim.body, Apply) and claim.body.op in COMPARISONS:
            values = [_value(side, witness, model, definitions) for side in claim.body.args]
            if all(values):
                text += f": the left side is {values[0]}, the right side is {values[1]}"
        return text


def _value(term: Term, witness: Witness, model: Algebra, definitions: Mapping[str, Definition]) -> str:
    try:
        outcome = evaluate(term, witness.values, 1, model, definitions, 1_000_000)
    except Undecidable:
        return ""
    return show(outcome.value, term.type, 0, model) if outcome.value is not None and outcome.ok.all() else ""


def _ladders(dims: Sequence[Dimension], cases: Sequence[Case], shown: Collection[tuple[int, ...]]) -> list[list[Case]]:
    """Larger and larger numbers, for all dimensions together and for each alone."""
    if not dims:
        return []
    together = [{d: n if d.kind == "size" else 2 for d in dims} for n in BEYOND]
    ladders = [together, [dict.fromkeys(dims, n) for n in BEYOND]]
    if len(dims) > 1:
        ladders += [[{d: n if d == dim else 2 for d in dims} for n in BEYOND_ONE[dim.kind]] for dim in dims]
    elif dims[0].kind == "nat":
        ladders = [[{dims[0]: n} for n in BEYOND_ONE["nat"]]]
    known = {*shown, *(tuple(c.values()) for c in cases)}
    tried: list[list[Case]] = []
    for ladder in ladders[:MOST_LADDERS]:
        tried.append([case for case in ladder if tuple(case.values()) not in known])
        known |= {tuple(case.values()) for case in ladder}
    return tried


def _is_narrow(case: Case) -> bool:
    """Whether a statement that ranges over a type may be valued in larger fields too, if that is not dear: nothing is
    above 2, or one number is 3 and the others below 2."""
    *others, largest = sorted(case.values()) or [0]
    return largest <= 2 or (largest == 3 and max(others, default=2) < 2)


def _volume(case: Case) -> int:
    """About what a value in a case costs where a type is ranged over."""
    return prod(max(number, 1) for number in case.values())


def _possible(ladder: Sequence[Case], constructor: Constructor) -> list[Case]:
    """The cases of a ladder, the numbers among them made smaller where the hypothesis asks for that."""
    found: list[Case] = []
    for case in ladder:
        smaller = ({d: n if d.kind == "size" else k for d, n in case.items()} for k in (1, 0, 3))
        found.append(next((c for c in (case, *smaller) if constructor.possible(c)), case))
    return found


def _scope_of(cases: Sequence[Case]) -> str:
    return _spans(cases) or "every value"


def _spans(cases: Sequence[Case]) -> str:
    """From where to where each number goes, in words."""
    spans: dict[str, set[int]] = {}
    for case in cases:
        for dimension, value in case.items():
            spans.setdefault(describe({dimension: value}).split(" = ")[0], set()).add(value)
    return ", ".join(f"{name} in {min(values)}..{max(values)}" for name, values in spans.items())
