"""A fixed share of random claims in all lanes. If lanes disagree, one of them is wrong.

To judge more claims, see `python -m tests.checker.referee --help`.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from relay.checker.referee.opinion import Says, opinions
from relay.checker.verdict import Verdict
from relay.commands.second_opinion import contradiction, second_opinion
from relay.commands.statements import AGREES, read_statements, review
from relay.notation.syntax import Claim
from relay.records.status import Reason, Status
from relay.records.task import Task
from relay.scoring.workers import Workers
from tests.checker.corpus import GIVEN
from tests.checker.referee import __main__ as command
from tests.checker.referee import lanes
from tests.checker.referee.blocks import BLOCK, judge_block
from tests.checker.referee.random_claims import CHANGED, FREE, TRUE, RandomClaim, random_claim, read
from tests.listing import listed

SEED = 7
SHARE = 4
"""The blocks of claims that every test run judges."""


@pytest.mark.parametrize("block", range(SHARE))
def test_no_lane_contradicts_another(block: int) -> None:
    line = judge_block(SEED, block, BLOCK)
    assert sum(line["counts"].values()) == BLOCK
    assert not line["wrong"], command.table([line])


def test_claims_are_a_function_of_seed_and_number() -> None:
    made = [random_claim(3, number) for number in range(200)]
    assert [m.source for m in made] == [random_claim(3, number).source for number in range(200)]
    assert len({m.source for m in made}) > 190
    assert made[0].source != random_claim(4, 0).source
    shares = Counter(m.built for m in made)
    assert min(shares[TRUE], shares[CHANGED], shares[FREE]) > 40
    everything = "\n".join(m.source for m in made)
    for word in ("define", "where", "conj", "Matrix", "List", "Nat", "Vector", " / ", "**", " if ", "in Scalar", "mul"):
        assert word in everything, word


class _Liar:
    """A checker that gives every claim the same verdict."""

    def __init__(self, status: Status, reason: Reason | None = None, counterexample: str = "") -> None:
        self._verdict = Verdict(status=status, message="", reason=reason, counterexample=counterexample)

    def judge(self, *_: object) -> Verdict:
        return self._verdict


@pytest.mark.parametrize(
    ("built", "source", "liar", "found"),
    [
        (FREE, "claim (x: Scalar): x == 0", _Liar(Status.PROVED), ("SymPy says false", "brute force false")),
        (FREE, "claim (x: Scalar): x == 0", _Liar(Status.TRIVIAL), ("SymPy says false", "brute force false")),
        (FREE, "claim (x: Scalar): 1 / x == 1 / x", _Liar(Status.HOLDS), ("SymPy says undefined", "force undefined")),
        (FREE, "claim (x: Scalar): all(y == x for y in Scalar)", _Liar(Status.HOLDS), ("brute force false",)),
        (FREE, "claim (v: Vector[n]): v[0] == v[n - 1]", _Liar(Status.PROVED), ("false at n = 2", "brute force false")),
        (TRUE, "claim (x: Scalar): x + x == 2 * x", _Liar(Status.REFUTED, counterexample="x = 1 (in Q)"), (
            "the checker says refuted, SymPy says true", "built as true", "the naive evaluator says true",
            "where SymPy says true", "SymPy at that point says true",
        )),
        (FREE, "claim (x: Scalar): x == 0", _Liar(Status.REFUTED, counterexample="x = 0 (in Q)"), (
            "the naive evaluator says true", "SymPy at that point says true",
        )),
        (FREE, "claim (x: Scalar): x == 0", _Liar(Status.REFUTED, counterexample="x = t (in GF(4))"), ()),
        (FREE, "claim (x: Scalar): 1 / x == 1 / x", _Liar(Status.UNDEFINED, counterexample="x = 1 (in GF(3))"), (
            "the naive evaluator says true",
        )),
        (FREE, "claim (x: Scalar) where x == 0: x == x", _Liar(Status.VACUOUS, Reason.CONTRADICTORY), (
            "the checker says vacuous, SymPy says true", "brute force satisfies it",
        )),
    ],
)  # fmt: skip
def test_a_wrong_verdict_is_seen(built: str, source: str, liar: _Liar, found: tuple[str, ...]) -> None:
    seen = lanes.compare(read(RandomClaim(source, built)), liar)  # type: ignore[arg-type]
    assert len(seen.disagreements) == len(found), seen
    for part, said in zip(found, seen.disagreements, strict=True):
        assert part in said


@pytest.mark.parametrize(
    ("source", "status"),
    [("claim (x: Scalar) where x == 0: x == x", Status.VACUOUS), ("claim (x: Scalar): x / x == x", Status.UNDEFINED)],
)
def test_what_another_lane_finds_first_is_missed_not_wrong(source: str, status: Status) -> None:
    liar = _Liar(status, counterexample="x = 0 (in Q)" if status is Status.UNDEFINED else "")
    seen = lanes.compare(read(RandomClaim(source, FREE)), liar)  # type: ignore[arg-type]
    assert seen.disagreements == ()
    assert len(seen.missed) == 2


TASK = Task(name="plain", parameters={}, brief="", given=GIVEN, statement_size=60, concepts=())


def test_second_opinions_follow_the_statements_of_a_text() -> None:
    lines = ("define f(x: Scalar) -> Scalar = x + 1", "claim (x: Scalar): f(x) == x", "claim (: x")
    text = "\n".join((*lines, "claim (x: Scalar): f(x) == 1 + x"))
    referee = partial(second_opinion, Workers(0))
    assert [found.referee for found in listed(review(TASK, text, referee=referee))] == ["", AGREES, "", AGREES]
    read = [(one.statement, one.definitions) for one in read_statements(TASK, text)]
    told = [tuple(opinions(claim, known)) if isinstance(claim, Claim) else () for claim, known in read]
    assert [[o.says for o in said] for said in told] == [[], [Says.FALSE], [], [Says.TRUE]]
    disputed = contradiction(Verdict(status=Status.PROVED, message=""), told[1])
    assert disputed.startswith("the checker says proved, SymPy says false at (")
    for line, status in ((1, Status.REFUTED), (1, Status.UNDECIDED), (3, Status.PROVED), (0, Status.HOLDS)):
        assert contradiction(Verdict(status=status, message=""), told[line]) == ""
    assert "SymPy says true" in contradiction(Verdict(status=Status.REFUTED, message=""), told[3])


def test_a_run_that_was_stopped_goes_on_and_prints_its_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "run.jsonl"
    first = command.run(12, 1, 1, path)
    with path.open("a", encoding="utf-8") as torn:
        torn.write('{"block": 0, "cl')
    assert command.run(12, 1, 1, path) == first
    assert "12 of 12 claims, 0 disagreements" in capsys.readouterr().err
    printed = command.table(first)
    assert printed.startswith("12 claims, ")
    assert "0 disagreements" in printed
    with pytest.raises(SystemExit, match="was begun as"):
        command.run(12, 2, 1, path)
