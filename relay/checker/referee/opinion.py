"""The referee's opinion on a claim, one per case.

At a case, hypothesis and claim are evaluated with generic entries, on every path. If the claim is false or undefined on
a path, `solving` decides whether some field has values that follow this path. Therefore:

- `true` means that the claim is true in every field, with every involution;
- `false` and `undefined` mean that in some field, the claim is false or undefined at some values;
- `vacuous` means that no values in any field satisfy the hypothesis;
- `unknown` covers everything else, with the reason.

In addition, a rational or Gaussian counterexample is searched for. It is part of the opinion only if the claim,
evaluated again at that point alone, has the same result there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from sympy import QQ

from relay.checker.referee.arithmetic import Inexpressible, NodeBudget, NoValue
from relay.checker.referee.cases import Case, PartSource, cases, values
from relay.checker.referee.interpreter import Interpreter
from relay.checker.referee.paths import Path, every_path
from relay.checker.referee.points import Points
from relay.checker.referee.solving import Found, Solvability, satisfiable
from relay.checker.referee.symbolic import GenericRing, OpenTruth, Symbolic
from relay.checker.referee.values import Scalar, Value
from relay.notation.comparisons import ORDERS
from relay.notation.syntax import (
    Apply,
    BoolType,
    Call,
    Claim,
    Clause,
    Comprehension,
    Definition,
    Generator,
    NatType,
    Term,
    Values,
)
from relay.notation.traversal import walk
from relay.seeds import plain_generator

WORK = 200_000
"""Work for all cases of one claim together, in evaluated nodes."""
POINTS = 24
"""Number of points that are tried as a counterexample."""
MOST_CASES = 12
"""Largest number of cases of one claim."""


class Says(StrEnum):
    """The result for a claim at a case."""

    TRUE = "true"
    """In every field, the claim is true at all values that satisfy the hypothesis."""
    FALSE = "false"
    """In some field, the claim is false at values that satisfy the hypothesis."""
    UNDEFINED = "undefined"
    """The claim is false in no field, but in some field it is undefined at values that satisfy the hypothesis."""
    VACUOUS = "vacuous"
    """No values in any field satisfy the hypothesis."""
    UNKNOWN = "unknown"
    """The referee could not decide."""


@dataclass(frozen=True, slots=True)
class WitnessPoint:
    """A counterexample: the field's name, and all scalars and truth values of the parameters, in order."""

    field: str
    scalars: tuple[Scalar, ...]
    truths: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Opinion:
    """The referee's result at one case."""

    case: Case
    says: Says
    reason: str = ""
    """Why the result is unknown; empty otherwise."""
    witness: WitnessPoint | None = None
    """A rational or Gaussian counterexample, if one was found."""

    def words(self) -> str:
        """Return the result as text, such as `false at n = 2`."""
        where = self.case.words()
        return self.says.value + (f" at {where}" if where else "")


def at_point(
    claim: Claim,
    definitions: Mapping[str, Definition],
    case: Case,
    source: PartSource,
    points: Points,
    budget: NodeBudget | None = None,
) -> Says:
    """Return the claim's result at the point that `source` supplies, over the field of `points`.

    The result is `vacuous` if the hypothesis is not satisfied there. Raises `Inexpressible`.
    """
    interpreter = Interpreter(points, definitions, budget or NodeBudget(WORK))
    names = values(claim.parameters, case, interpreter, source)
    return Says.VACUOUS if names is None else _said(claim, interpreter, points, names)


def _said(claim: Claim, interpreter: Interpreter, arithmetic: Points | Symbolic, names: Mapping[str, Value]) -> Says:
    """Return the claim's result at the values `names`. An undefined hypothesis counts as not satisfied."""
    if claim.hypothesis is not None:
        try:
            if not arithmetic.truth(interpreter.value(claim.hypothesis, names)):
                return Says.VACUOUS
        except NoValue:
            return Says.VACUOUS
    try:
        return Says.TRUE if arithmetic.truth(interpreter.value(claim.body, names)) else Says.FALSE
    except NoValue:
        return Says.UNDEFINED


def opinions(claim: Claim, definitions: Mapping[str, Definition], largest: int = 2) -> Iterator[Opinion]:
    """Yield one opinion per case, small cases first. All cases share one budget."""
    reason = _out_of_bounds(claim, definitions)
    paired = any(isinstance(t, Apply) and t.op == "conj" for t in _everything(claim, definitions))
    budget = NodeBudget(WORK)
    for case in islice(cases(claim, largest), MOST_CASES):
        yield Opinion(case, Says.UNKNOWN, reason) if reason else _opinion(claim, definitions, case, paired, budget)


def _opinion(
    claim: Claim, definitions: Mapping[str, Definition], case: Case, paired: bool, budget: NodeBudget
) -> Opinion:
    try:
        return _Reading(claim, definitions, case, paired, budget).opinion()
    except (Inexpressible, RecursionError) as reason:
        return Opinion(case, Says.UNKNOWN, str(reason))


class _Reading:
    """Judges a claim at a case. `paired` adds a conjugate to every generic entry; claims without `conj` need none."""

    def __init__(
        self, claim: Claim, definitions: Mapping[str, Definition], case: Case, paired: bool, budget: NodeBudget
    ) -> None:
        self._claim, self._definitions, self._case, self._budget = claim, definitions, case, budget
        # Build the values once with counters, to learn how many entries the ring needs.
        self._entries = self._truths = 0
        counting = PartSource(self._count_entry, self._count_truth, _refuse)
        self._empty = values(claim.parameters, case, Interpreter(Points(), definitions, budget), counting) is None
        self._generic = GenericRing(self._entries, paired)
        self._paired = paired

    def _count_entry(self) -> int:
        self._entries += 1
        return self._entries - 1

    def _count_truth(self) -> int:
        self._truths += 1
        return self._truths - 1

    def _read(self, path: Path) -> Says:
        """Return the claim's result with generic entries on one path."""
        arithmetic = Symbolic(self._generic, path, self._budget)
        entries, truths = iter(range(self._entries)), iter(range(self._truths))
        source = PartSource(lambda: self._generic.entry(next(entries)), lambda: OpenTruth(f"b{next(truths)}"), _refuse)
        interpreter = Interpreter(arithmetic, self._definitions, self._budget)
        names = values(self._claim.parameters, self._case, interpreter, source)
        assert names is not None
        return _said(self._claim, interpreter, arithmetic, names)

    def opinion(self) -> Opinion:
        """Return the opinion at this case. Raises `Inexpressible`."""
        if self._empty:
            return Opinion(self._case, Says.VACUOUS)
        ends: dict[Says, list[Path]] = {}
        for walked, end in every_path(self._read):
            ends.setdefault(end, []).append(walked)
        # `false` before `undefined`: a claim that is both is refuted.
        for says in (Says.FALSE, Says.UNDEFINED):
            path, found = self._possible(ends.get(says, ()))
            if path is not None:
                return Opinion(self._case, says, witness=self._witness(says, path, found))
            if found.answer is Solvability.UNKNOWN:
                return Opinion(self._case, Says.UNKNOWN, f"it is open whether the claim is {says} in some field")
        if self._claim.hypothesis is None:
            return Opinion(self._case, Says.TRUE)
        path, found = self._possible(ends.get(Says.TRUE, ()))
        if found.answer is Solvability.UNKNOWN:
            return Opinion(self._case, Says.UNKNOWN, "it is open whether some field satisfies the hypothesis")
        return Opinion(self._case, Says.VACUOUS if path is None else Says.TRUE)

    def _possible(self, paths: Sequence[Path]) -> tuple[Path | None, Found]:
        """Return a path that values in some field follow, and how these values were found.

        A path with rational values is preferred. If no path was found, None is returned in its place. Then the answer
        is no if no path has such values, and unknown otherwise.
        """
        best: tuple[Path, Found] | None = None
        unknown = False
        for path in paths:
            found = satisfiable(path.facts, self._paired)
            if found.answer is Solvability.YES:
                if found.solution.rational and not found.solution.characteristic:
                    return path, found
                best = best or (path, found)
            unknown = unknown or found.answer is Solvability.UNKNOWN
        return best or (None, Found(Solvability.UNKNOWN if unknown else Solvability.NO))

    # --- counterexamples ---------------------------------------------------------------------------------------------

    def _witness(self, says: Says, path: Path, found: Found) -> WitnessPoint | None:
        """Return a point at which the claim, evaluated again, has the result `says`; None if none was found."""
        if found.solution.characteristic or not found.solution.rational:
            return None
        truths = tuple(path.truths.get(f"b{k}", False) for k in range(self._truths))
        # Small numbers first, for readable counterexamples; every second attempt is Gaussian if there are conjugates.
        random = plain_generator(1)  # any points will do, as long as they are always the same
        for attempt in range(POINTS):
            # Solved entries stand for rational values only: their conjugates were set equal to themselves.
            gaussian = self._paired and attempt % 2 == 1 and not found.solution.solved
            points = Points(gaussian)
            spread = 2 + attempt // 2
            free = [
                points.domain(random.randint(-spread, spread), random.randint(-spread, spread))
                if gaussian
                else points.domain(random.randint(-spread, spread))
                for _ in range(self._entries)
            ]
            scalars = self._solved(found, free)
            if scalars is None:
                continue
            left, open_ = iter(scalars), iter(truths)
            source = PartSource(lambda left=left: next(left), lambda open_=open_: next(open_), _refuse)  # type: ignore[misc]
            try:
                if at_point(self._claim, self._definitions, self._case, source, points, self._budget) is says:
                    return WitnessPoint(points.name, tuple(scalars), truths)
            except Inexpressible:
                continue
        return None

    def _solved(self, found: Found, free: Sequence[Any]) -> list[Any] | None:
        """Return the point `free`, in which the solved entries are replaced by values computed from the other entries.

        Returns None if a denominator is zero.
        """
        width = 2 if self._paired else 1
        point = list(free)
        for x, numerator, denominator in found.solution.solved:
            full = [point[k // width] for k in range(len(point) * width)]
            above, below = (_at(p, full) for p in (numerator, denominator))
            if not below:
                return None
            point[x // width] = above / below
        return point


def _at(polynomial: Any, point: Sequence[Any]) -> Any:
    """Return the value of a polynomial at a rational point."""
    total = QQ(0)
    for powers, coefficient in polynomial.iterterms():
        term = QQ(coefficient.numerator, coefficient.denominator)
        for value, power in zip(point, powers, strict=False):
            term *= value**power
        total += term
    return total


def _refuse() -> int:
    raise Inexpressible("the claim has a list of naturals as a parameter")


def _everything(claim: Claim, definitions: Mapping[str, Definition]) -> Iterator[Term]:
    """Yield every term of a claim and of the definitions that it rests on."""
    waiting = [claim.body] if claim.hypothesis is None else [claim.hypothesis, claim.body]
    seen: set[str] = set()  # definitions may be shared, or recursive
    while waiting:
        for term in walk(waiting.pop()):
            yield term
            if isinstance(term, Call) and term.key not in seen and term.key in definitions:
                seen.add(term.key)
                waiting.append(definitions[term.key].body)


def _out_of_bounds(claim: Claim, definitions: Mapping[str, Definition]) -> str:
    """Return why the referee can judge the claim at no case; an empty string if it may be able to judge it."""
    if claim.over != "fields":
        return f"the claim is over {claim.over}"
    for term in _everything(claim, definitions):
        if isinstance(term, Call) and term.key.startswith("given:"):
            return "the claim calls an operation of the task"
        if isinstance(term, Apply) and term.op in ORDERS and not isinstance(term.args[0].type, NatType):
            return "the claim compares scalars by order"
        if isinstance(term, Comprehension) and any(_ranges_over_type(clause) for clause in term.clauses):
            return "the claim ranges over a type"
    return ""


def _ranges_over_type(clause: Clause) -> bool:
    return (
        isinstance(clause, Generator)
        and isinstance(clause.source, Values)
        and not isinstance(clause.source.type, BoolType)
    )
