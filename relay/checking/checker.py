"""From a statement to a verdict.

The stages, cheapest first; each leaves a line in the verdict's evidence:

1. small integers: rationals near zero, for counterexamples that read well
2. random values in large prime fields and the square of one, at sizes up to 5
3. small finite fields, exhausted where there are not too many values
4. fields whose characteristic divides a constant of the statement
5. `trivial`: does it say anything about what was defined?
6. identities of polynomials over the integers, size by size

A claim about the sorts of a task has one model, which is exhausted. The verdict is a function of the canonical
statement, the definitions that it rests on, the task and `CHECKER`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from relay.checking.cases import Case, Plan, constants, dimensions, plan, ranges_over_fields, scalar_constants
from relay.checking.draws import generator
from relay.checking.fields import divisor_fields, exhausted_fields, further_fields, large_fields
from relay.checking.polynomial import identity_everywhere
from relay.checking.survey import Survey, Witness, describe
from relay.checking.trivial import trivial
from relay.checking.verdict import Status, Verdict
from relay.evaluation.evaluate import evaluate
from relay.evaluation.showing import show
from relay.models.base import Model, Undecidable
from relay.models.infinite import Rationals
from relay.models.structure import Structure
from relay.notation.syntax import Apply, Claim, Definition, Statement, Term
from relay.task import Given

CHECKER = 1
"""Version of the checker: a change that may change any verdict raises it."""

LARGEST = 3
"""Base cases go up to this size."""
BEYOND = (4, 5)
"""Sizes beyond the base cases that every statement without ranges over types is tried at."""


class Checker:
    """Judges statements about what one task gives."""

    def __init__(self, given: Given) -> None:
        self._structure = Structure(given) if not given.scalars else None

    def judge(self, statement: Statement, definitions: Mapping[str, Definition]) -> Verdict:
        """The verdict on a well-formed statement. `definitions` holds, by key, all that it rests on. Never raises for
        anything that a statement can say."""
        if isinstance(statement, Definition):
            return Verdict(status=Status.DEFINED, message="defined")
        try:
            return self._claim(statement, definitions)
        except (MemoryError, RecursionError) as error:
            return Verdict(status=Status.UNDECIDED, message=f"undecided: ran out of {type(error).__name__}")

    def _claim(self, claim: Claim, definitions: Mapping[str, Definition]) -> Verdict:
        survey = Survey(claim, definitions)
        rng = generator(claim.key, CHECKER, "models")
        dims = dimensions(claim.parameters, claim.sizes)
        terms = [claim.body] if claim.hypothesis is None else [claim.hypothesis, claim.body]
        meets = constants(terms, definitions)
        order = [int(n) for n in rng.integers(0, 2**31, size=997)]
        if self._structure is not None:
            cases = plan(dims, meets, LARGEST, order)
            survey.search("structure", [self._structure], cases.cases, 4096, exhaust=True)
        else:
            cases = self._fields(survey, terms, definitions, dims, meets, order, rng)
        return self._verdict(survey, cases, bool(dims))

    def _fields(
        self, survey: Survey, terms: list[Term], definitions: Mapping[str, Definition], dims: tuple[Any, ...],
        meets: frozenset[int], order: list[int], rng: np.random.Generator,
    ) -> Plan:  # fmt: skip
        """Search the fields; the plan of base cases and of those that constants ask for."""
        claim = survey.claim
        conditional = claim.hypothesis is not None
        primes = divisor_fields(scalar_constants(terms, definitions))
        larges = large_fields(rng)
        if ranges_over_fields(terms, definitions):
            cases = plan(dims, meets, LARGEST, order)
            small = tuple(c for c in cases.cases if max(c.values(), default=0) <= 2)
            survey.search("small fields", exhausted_fields()[:2], cases.cases, 256, exhaust=True)
            survey.search("small fields", exhausted_fields()[2:], small, 256, exhaust=True)
            survey.search("further fields", further_fields(rng), small, 128, exhaust=False)
            survey.search("divisors", tuple(p for p in primes if p.order is not None), small, 64, exhaust=False)
            return cases
        cases = plan(dims, meets | set(BEYOND), LARGEST, order)
        base = tuple(c for c in cases.cases if max(c.values(), default=0) <= LARGEST)
        survey.search("small integers", (Rationals(),), base[:24], 12, exhaust=False)
        survey.search("large fields", larges, cases.cases, 24 if not conditional else 64, exhaust=False)
        survey.search("small fields", exhausted_fields(), base, 512, exhaust=True)
        if conditional:
            survey.search("further fields", further_fields(rng), base[:24], 1024, exhaust=False)
        survey.search("divisors", primes, base[:12], 128, exhaust=True)
        return plan(dims, meets, LARGEST, order)

    def _verdict(self, survey: Survey, cases: Plan, sized: bool) -> Verdict:
        claim = survey.claim

        def verdict(status: Status, message: str, **more: Any) -> Verdict:
            return Verdict(status=status, message=message, evidence=tuple(survey.stages), fuel=survey.fuel, **more)

        if survey.refutation is not None and self._again(survey, survey.refutation):
            shown = self._describe(claim, survey.refutation, survey.definitions)
            return verdict(Status.REFUTED, f"refuted: {shown}", counterexample=shown)
        if survey.refutation is not None:
            return verdict(Status.UNDECIDED, "undecided: a counterexample was found but could not be confirmed")
        if survey.undefined is not None:
            shown = self._describe(claim, survey.undefined, survey.definitions, sides=False)
            return verdict(Status.UNDEFINED, f"undefined: the claim has no value where {shown}", counterexample=shown)
        if survey.ran_out:
            return verdict(Status.UNDECIDED, f"undecided: ran out of {survey.ran_out}")
        if survey.satisfied == 0:
            note = f"; it is undefined for {survey.unclear} of the values tried" if survey.unclear else ""
            return verdict(Status.VACUOUS, f"vacuous: no value that satisfies the hypothesis was found{note}")
        if cases.out_of_reach:
            return verdict(
                Status.UNDECIDED,
                "undecided: a size or number in it meets a constant, and cannot be tried at "
                + ", ".join(map(str, cases.out_of_reach)),
            )
        why = trivial(claim, self._few(cases), survey.definitions, self._structure)
        if why is not None:
            return verdict(Status.TRIVIAL, f"trivial: {why}")
        return self._accept(survey, cases, sized, verdict)

    def _accept(self, survey: Survey, cases: Plan, sized: bool, verdict: Any) -> Verdict:
        claim = survey.claim
        if self._structure is not None:
            complete = not survey.sampled and not sized
            scope = "the structure, every value" if complete else f"the structure, {survey.satisfied} values"
            if complete:
                return verdict(Status.PROVED, "proved", scope=scope)  # type: ignore[no-any-return]
        else:
            scope = _scope(cases)
            terms = [claim.body]
            base = [c for c in cases.cases if max(c.values(), default=0) <= LARGEST]
            if not ranges_over_fields(terms, survey.definitions) and identity_everywhere(
                claim, base, survey.definitions
            ):
                survey.stages.append({"stage": "polynomial identity", "cases": len(base)})
                return verdict(Status.PROVED, "proved", scope=f"every field, {_scope_of(base)}")  # type: ignore[no-any-return]
        if not survey.enough:
            return verdict(  # type: ignore[no-any-return]
                Status.UNDECIDED,
                f"undecided: only {survey.satisfied} values satisfy the hypothesis, or at too few sizes",
            )
        return verdict(Status.HOLDS, "holds", scope=scope)  # type: ignore[no-any-return]

    def _few(self, cases: Plan) -> list[Case]:
        """A few cases for the rule of random functions: the smallest ones with sizes 2 and 3."""
        wanted = [c for c in cases.cases if max(c.values(), default=2) in (2, 3) and min(c.values(), default=2) >= 2]
        return (wanted[:2] + wanted[-1:]) if wanted else list(cases.cases[:3])

    def _again(self, survey: Survey, witness: Witness) -> bool:
        """Evaluate a counterexample once more, by itself."""
        lonely = Survey(survey.claim, survey.definitions)
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
            text += f" (in {model.name})"
        if sides and isinstance(claim.body, Apply) and claim.body.op in ("eq", "ne", "lt", "le", "gt", "ge"):
            values = [_value(side, witness, model, definitions) for side in claim.body.args]
            if all(values):
                text += f": the left side is {values[0]}, the right side is {values[1]}"
        return text


def _value(term: Term, witness: Witness, model: Model, definitions: Mapping[str, Definition]) -> str:
    try:
        outcome = evaluate(term, witness.values, 1, model, definitions, 1_000_000)
    except Undecidable:
        return ""
    return show(outcome.value, term.type, 0, model) if outcome.value is not None and outcome.ok.all() else ""


def _scope(cases: Plan) -> str:
    return f"finite fields and random values, {_scope_of(list(cases.cases))}"


def _scope_of(cases: list[Case]) -> str:
    spans: dict[str, set[int]] = {}
    for case in cases:
        for dimension, value in case.items():
            spans.setdefault(describe({dimension: value}).split(" = ")[0], set()).add(value)
    words = [f"{name} in {min(values)}..{max(values)}" for name, values in spans.items()]
    return ", ".join(words) if words else "every value"
