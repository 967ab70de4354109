"""A resumed tenure judges again what it was judged, but for failures of machines."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from relay.checker.verdict import by_machine
from relay.errors import UsageError
from relay.notation.syntax import Definition, Statement, Term
from relay.records.condition import Condition
from relay.records.events import Acted
from relay.records.reply_data import ValueData
from relay.records.status import Reason
from relay.scoring.examiner import Examination
from relay.scoring.judge import PublicValue
from relay.trial.trial import run_trial
from tests.trial.helpers import QUICK, condition, of_type, own_events, reopen, scripted, state
from tests.trial.toy import SQUARE, Toy, ToyJudge

VALUE = {"action": "evaluate", "term": "all(op(x, x) == x for x in Element)"}
LAW = "claim (x: Element): op(x, x) == x"


class Fails(ToyJudge):
    """Its process dies at every claim and every value."""

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        if statement.source == LAW:
            return Examination(verdict=by_machine("killed by the system"))
        return await super().examine(statement, definitions)

    async def evaluate(self, term: Term, definitions: Mapping[str, Definition]) -> PublicValue:
        return PublicValue(text="no value (its process failed)", by_machine=True)


def judged(where: Path, chosen: Condition, judge: ToyJudge) -> None:
    asyncio.run(run_trial(chosen, where, judge=judge, retry=QUICK))


@pytest.fixture
def chosen() -> Condition:
    return condition(agent=scripted([state(SQUARE), state(LAW), VALUE], [state(LAW)]), generations=1)


def killed_after_one_answer(where: Path) -> None:
    own = own_events(where, 1, 1)
    second = [place for place, event in enumerate(own) if event.type == "answered"][1]
    reopen(where, 1, {1: own[:second]})


def test_failures_of_machines_are_taken_from_the_file(tmp_path: Path, chosen: Condition) -> None:
    """Another attempt could end otherwise, and the researcher was told of the failure."""
    judged(tmp_path, chosen, Fails(Toy().build(0)))
    failed = of_type(tmp_path, "judged")[1]
    assert failed.reason == "stopped"
    killed_after_one_answer(tmp_path)
    judged(tmp_path, chosen, ToyJudge(Toy().build(0)))
    assert [event.reason for event in of_type(tmp_path, "judged")] == [None, "stopped", None]
    values = [event for event in of_type(tmp_path, "acted") if isinstance(event.data, ValueData)]
    assert [event.data.by_machine for event in values] == [True]


def test_a_machine_that_fails_now_is_no_sign_of_an_edit(tmp_path: Path, chosen: Condition) -> None:
    judged(tmp_path, chosen, ToyJudge(Toy().build(0)))
    whole = (tmp_path / "events.jsonl").read_bytes()
    killed_after_one_answer(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match=r"g1-t1\.jsonl, line \d+ .* can't be judged again now .*killed by the system"):
        judged(tmp_path, chosen, Fails(Toy().build(0)))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    judged(tmp_path, chosen, ToyJudge(Toy().build(0)))
    assert (tmp_path / "events.jsonl").read_bytes() == whole


def test_nothing_is_earned_by_a_failure(tmp_path: Path, chosen: Condition) -> None:
    """Who writes that a machine failed, to keep what the file says, keeps an undecided statement."""
    judged(tmp_path, chosen, ToyJudge(Toy().build(0)))
    own = own_events(tmp_path, 1, 1)
    at = next(place for place, event in enumerate(own) if event.type == "judged")
    own[at] = own[at].model_copy(update={"reason": Reason.STOPPED})
    reopen(tmp_path, 1, {1: own})
    with pytest.raises(UsageError, match=rf"g1-t1\.jsonl, line {at + 1} "):
        judged(tmp_path, chosen, ToyJudge(Toy().build(0)))


class Stricter(ToyJudge):
    """Another version of the checker: it finds every definition to be no form of anything."""

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        found = await super().examine(statement, definitions)
        return found.model_copy(update={"concepts": ()})


def test_under_another_version_whole_turns_are_taken_as_they_are(
    tmp_path: Path, chosen: Condition, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(tmp_path, chosen, ToyJudge(Toy().build(0)))
    own = own_events(tmp_path, 1, 1)
    second = [place for place, event in enumerate(own) if event.type == "answered"][1]
    reopen(tmp_path, 1, {1: own[: second + 1]})
    stricter = Stricter(Toy().build(0))
    with pytest.raises(UsageError, match=r"is `credited`, and what follows from the lines before it is another"):
        judged(tmp_path, chosen, stricter)
    with pytest.raises(UsageError, match="is `credited`"):  # the option alone changes nothing
        asyncio.run(run_trial(chosen, tmp_path, judge=stricter, retry=QUICK, other_version=True))
    monkeypatch.setattr("relay.trial.versions.own_versions", lambda: {"relay": "9.9", "checker": "99"})
    asyncio.run(run_trial(chosen, tmp_path, judge=stricter, retry=QUICK, other_version=True))
    assert [event.concept for event in of_type(tmp_path, "credited")] == ["square"]
    assert isinstance(of_type(tmp_path, "acted")[0], Acted)
