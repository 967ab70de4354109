"""Compares the checker's verdict on a claim with the claim's construction, the SymPy lane, and brute force."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import QQ

from relay.checker.checker import Checker
from relay.checker.referee.arithmetic import Inexpressible
from relay.checker.referee.cases import PartSource
from relay.checker.referee.opinion import Opinion, Says, at_point, opinions
from relay.checker.referee.points import Points
from relay.checker.verdict import Verdict
from relay.commands.second_opinion import contradiction
from relay.records.status import Reason, Status
from tests.checker.referee import brute
from tests.checker.referee.printed import Shown, read_shown
from tests.checker.referee.random_claims import GIVEN, TRUE, ReadClaim

CHECKER = Checker(GIVEN)
CONFIRM_FUEL = 2_000_000
WORST = (Says.FALSE, Says.UNDEFINED, Says.UNKNOWN, Says.TRUE, Says.VACUOUS)


@dataclass(frozen=True)
class Comparison:
    """The results of all lanes for one claim."""

    built: str
    status: str
    symbolic: str
    brute: str
    confirmed: str
    """Whether the printed counterexample is one: `confirmed`, `doubted`, `not told` if the text does not determine its
    field, or empty if there is none."""
    disagreements: tuple[str, ...]
    """Contradictions: one of the lanes is wrong."""
    missed: tuple[str, ...]
    """Results of other lanes that would have given an earlier status of the table of statuses."""


def compare(read: ReadClaim, checker: Checker = CHECKER) -> Comparison:
    """Judge a claim in all lanes, and compare the results."""
    verdict = checker.judge(read.claim, read.definitions)
    every = list(opinions(read.claim, read.definitions))
    found = brute.search(read.claim, read.definitions)
    wrong: list[str] = []
    missed: list[str] = []
    status = verdict.status
    said = f"the verdict is {status.value}"
    worst = next((says for says in WORST if any(o.says is says for o in every)), Says.VACUOUS)
    against = [o for o in every if o.says in (Says.FALSE, Says.UNDEFINED)]
    contradicted = contradiction(verdict, every)
    wrong += [contradicted] if contradicted else []
    if status.accepted or status is Status.TRIVIAL:
        wrong += [f"{said}, brute force {s} at {p.words()}" for s, p in _points(found)]
    elif status is Status.UNDEFINED:
        missed += [f"{said}, SymPy says {o.words()}" for o in against if o.says is Says.FALSE][:1]
        if found.false is not None:
            missed.append(f"{said}, brute force false at {found.false.words()}")
    elif status is Status.VACUOUS:
        certain = verdict.reason is Reason.CONTRADICTORY
        satisfied = [o for o in every if o.says in (Says.TRUE, Says.FALSE, Says.UNDEFINED)]
        missed += [f"{said}, SymPy says {o.words()}" for o in satisfied[:1] if not certain]
        if found.satisfied is not None:
            (wrong if certain else missed).append(f"{said}, brute force satisfies it at {found.satisfied.words()}")
    if read.built == TRUE and status in (Status.REFUTED, Status.UNDEFINED):
        wrong.append(f"{said} ({verdict.counterexample}), and it was built as true")
    confirmed = ""
    if status in (Status.REFUTED, Status.UNDEFINED):
        shown = read_shown(read.claim, verdict.counterexample)
        confirmed = "not told" if shown is None else "confirmed"
        if shown is not None:
            doubts = list(_doubts(read, verdict, shown, every))
            wrong += doubts
            confirmed = "doubted" if doubts else confirmed
    return Comparison(
        read.built, status.value, worst.value, found.says, confirmed, tuple(wrong), tuple(missed)
    )  # fmt: skip


def _points(found: brute.Search) -> list[tuple[str, brute.Point]]:
    points = [(brute.FALSE, found.false), (brute.UNDEFINED, found.undefined)]
    return [(says, point) for says, point in points if point is not None]


def _doubts(read: ReadClaim, verdict: Verdict, shown: Shown, every: list[Opinion]) -> list[str]:
    """Yield the reasons why a printed counterexample is wrong."""
    wanted = brute.FALSE if verdict.status is Status.REFUTED else brute.UNDEFINED
    doubts = []
    said = f"the verdict is {verdict.status.value} at {verdict.counterexample}"
    says, _ = brute.value(read.claim, read.definitions, shown.field, shown.names, CONFIRM_FUEL)
    if says not in (wanted, brute.RAN_OUT):
        doubts.append(f"{said}, where the naive evaluator says {says}")
    here = [o.says for o in every if o.case == shown.case]
    if here and here[0] in (Says.TRUE, Says.VACUOUS):
        doubts.append(f"{said}, where SymPy says {here[0]}")
    if shown.name == "Q":
        scalars, truths, naturals = iter(shown.scalars), iter(shown.truths), iter(shown.naturals)
        source = PartSource(
            lambda: (lambda x: QQ(x.numerator, x.denominator))(next(scalars)),
            lambda: next(truths),
            lambda: next(naturals),
        )
        try:
            at = at_point(read.claim, read.definitions, shown.case, source, Points())
        except Inexpressible:
            return doubts
        if at.value != wanted:
            doubts.append(f"{said}, where SymPy at that point says {at}")
    return doubts
