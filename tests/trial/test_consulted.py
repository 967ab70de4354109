"""What comes from outside while a turn is carried out is logged before it is used, and never asked for twice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from relay.checker.verdict import by_machine
from relay.errors import UsageError
from relay.notation.syntax import Definition, Statement
from relay.records.condition import Condition
from relay.records.consulted import Consulted, ConsultedTally
from relay.records.events import AnyEvent, Judged
from relay.records.reader import TrialReader
from relay.scoring.examiner import Examination
from relay.trial.trial import TrialState, run_trial
from tests.trial import askers
from tests.trial.helpers import QUICK, condition, events, of_type, own_events, reopen, run, scripted, sealed, state
from tests.trial.toy import SQUARE, Toy, ToyJudge

ASKER = f"{Path(askers.__file__).resolve()}:Asker"
FIRST, SECOND, THIRD = (f"claim (x: Element): square(x) == {right}" for right in ("op(x, x)", "x", "op(x, square(x))"))


class Fails(ToyJudge):
    """Its process dies at the first claim."""

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        if statement.source == FIRST:
            return Examination(verdict=by_machine("killed by the system"))
        return await super().examine(statement, definitions)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file with a line for each request."""
    path = tmp_path / "asked.txt"
    path.touch()
    monkeypatch.setenv(askers.ASKED, str(path))
    monkeypatch.setenv(askers.FAULTS, "")
    return path


def chosen(**options: Any) -> Condition:
    agent = scripted([state(SQUARE), state(FIRST), state(SECOND)], [state(THIRD), state(FIRST)])
    return condition(agent=agent, **{"truth": ASKER, "generations": 1, **options})


def told(found: list[AnyEvent]) -> list[str | None]:
    return [event.told for event in found if isinstance(event, Judged) and event.kind == "claim"]


def test_an_answer_is_logged_before_it_is_used(tmp_path: Path, asked: Path) -> None:
    after = run(tmp_path / "a", chosen())
    logged = events(tmp_path / "a")
    kinds = [event.type for event in logged if event.type in ("consulted", "judged")]
    assert kinds == ["judged", *["consulted", "judged"] * 4]
    said = [event for event in logged if isinstance(event, Consulted)]
    claims = [event for event in logged if isinstance(event, Judged) and event.kind == "claim"]
    assert [event.key for event in said] == [event.key for event in claims]
    assert [{"true": "holds", "false": "refuted"}[event.text] for event in said] == told(logged)
    assert asked.read_text().splitlines() == [FIRST, SECOND, THIRD, FIRST]
    assert {event.turn for event in said} == {1, 2}
    # its tokens are nobody's
    answers = of_type(tmp_path / "a", "answered")
    assert after.spent.tokens == sum(each.tokens_in + each.tokens_out for each in answers)
    tally = ConsultedTally()
    for event in said:
        tally = tally.plus(event)
    assert (tally.requests, tally.tokens_in, tally.tokens_out, tally.faults) == (4, 28, 4, 0)


def test_every_cut_of_a_tenures_file_is_mended_and_nothing_is_asked_twice(tmp_path: Path, asked: Path) -> None:
    run(tmp_path / "a", chosen())
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    whole = own_events(tmp_path / "a", 1, 1)
    for count in range(len(whole) + 1):
        reopen(tmp_path / "a", 1, {1: sealed(tmp_path / "a", 1, 1, whole[:count])})
        asked.write_text("")
        run(tmp_path / "a", chosen())
        assert (tmp_path / "a/events.jsonl").read_bytes() == wanted
        missing = [event for event in whole[count:] if isinstance(event, Consulted)]
        assert len(asked.read_text().splitlines()) == len(missing)


def test_nobody_is_asked_before_every_tenure_has_caught_up(tmp_path: Path, asked: Path) -> None:
    run(tmp_path / "a", chosen(width=2))
    first, second = (own_events(tmp_path / "a", 1, tenure) for tenure in (1, 2))
    at = next(place for place, event in enumerate(first) if isinstance(event, Consulted))
    wrong = [event.model_copy(update={"reply": "no"}) if event.type == "acted" else event for event in second]
    reopen(tmp_path / "a", 1, {1: first[:at], 2: wrong})
    before = {path: path.read_bytes() for path in (tmp_path / "a").rglob("*") if path.is_file()}
    asked.write_text("")
    with pytest.raises(UsageError, match=r"g1-t2\.jsonl, line \d+"):
        run(tmp_path / "a", chosen(width=2))
    assert not asked.read_text()
    assert {path: path.read_bytes() for path in (tmp_path / "a").rglob("*") if path.is_file()} == before


def test_an_answer_to_another_question_is_refused(tmp_path: Path, asked: Path) -> None:
    run(tmp_path / "a", chosen())
    own = own_events(tmp_path / "a", 1, 1)
    other = [event.model_copy(update={"request": "0" * 64}) if event.type == "consulted" else event for event in own]
    reopen(tmp_path / "a", 1, {1: other})
    with pytest.raises(UsageError, match="is `consulted`, and coin/toss is asked there"):
        run(tmp_path / "a", chosen())


def test_faults_of_the_machine_are_retried_and_then_interrupt(
    tmp_path: Path, asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = run(tmp_path / "a", chosen())
    monkeypatch.setenv(askers.FAULTS, "machine,machine")
    after: TrialState = run(tmp_path / "b", chosen())
    assert (after.ended, after.spent) == ("completed", wanted.spent)
    assert [(fault.side, fault.kind, fault.turn) for fault in of_type(tmp_path / "b", "fault")] == [
        ("machine", "connection", 1)
    ] * 2
    assert told(events(tmp_path / "b")) == told(events(tmp_path / "a"))
    monkeypatch.setenv(askers.FAULTS, "machine,machine,machine")
    assert run(tmp_path / "c", chosen()).ended == "interrupted"
    assert TrialReader.open(tmp_path / "c").read().reason == "interrupted"
    assert run(tmp_path / "c", chosen()).ended == "completed"
    assert len(of_type(tmp_path / "c", "fault")) == 3
    assert told(events(tmp_path / "c")) == told(events(tmp_path / "a"))


def test_a_fault_of_the_model_is_logged_and_costs_the_researcher_nothing(
    tmp_path: Path, asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(askers.FAULTS, "model")
    run(tmp_path / "a", chosen())
    said = of_type(tmp_path / "a", "consulted")
    assert [event.fault for event in said] == ["it refused", "", "", ""]
    assert told(events(tmp_path / "a"))[0] is None
    assert not of_type(tmp_path / "a", "fault")


def test_another_version_takes_what_was_said_in_a_turn_that_it_carries_out_again(
    tmp_path: Path, asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path / "a", chosen())
    whole = own_events(tmp_path / "a", 1, 1)
    second = [place for place, event in enumerate(whole) if isinstance(event, Consulted)][1]
    reopen(tmp_path / "a", 1, {1: whole[: second + 1]})
    monkeypatch.setattr("relay.trial.trial.differing_versions", lambda there: ["relay (0 before, 1 now)"])
    asked.write_text("")
    run(tmp_path / "a", chosen(), other_version=True)
    assert asked.read_text().splitlines() == [THIRD, FIRST]
    assert told(events(tmp_path / "a")) == told(whole)


def test_a_failure_of_the_checker_is_taken_from_the_file_though_somebody_was_asked(tmp_path: Path, asked: Path) -> None:
    asyncio.run(run_trial(chosen(), tmp_path / "a", judge=Fails(Toy().build(0)), retry=QUICK))
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    whole = own_events(tmp_path / "a", 1, 1)
    assert [event.reason for event in whole if isinstance(event, Judged)][1] == "stopped"
    reopen(tmp_path / "a", 1, {1: whole[:-1]})
    run(tmp_path / "a", chosen())
    assert (tmp_path / "a/events.jsonl").read_bytes() == wanted
