"""Attempts to get more into a context than was paid for, or than it holds."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from relay.errors import ModelFault
from relay.notation import Scope, read_statement
from relay.records.budget import Budget
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext
from relay.scoring.judge import PooledJudge
from relay.scoring.workers import Workers
from tests.trial.helpers import condition, of_type, record, run, state
from tests.trial.puppets import puppet
from tests.trial.toy import SQUARE, Toy

END = '{"actions": [{"action": "end"}]}'


def test_an_agent_can_not_say_that_its_answer_was_too_long(tmp_path: Path) -> None:
    """Such an answer may be cut off, for all that the engine knows: what is whole in it counts, and stays in sight."""

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        text = json.dumps({"thinking": "deep " * 100, "actions": [state(SQUARE)]})
        assert [each.answer for each in view.turns] == [text] * len(view.turns)
        return Answer(text=text, finish_reason="too_long")

    final = run(tmp_path / "t", condition(agent=puppet("spoof", answer), generations=1))
    assert final.discoveries.established == {"square": 1}
    assert {event.finish_reason for event in of_type(tmp_path / "t", "answered")} == {"length"}


def test_hostile_words_of_an_agent_are_data(tmp_path: Path) -> None:
    def answer(view: TenureView, turn: TurnContext) -> Answer:
        if not view.turns:
            return Answer(text="\ud800", reasoning="\udfff", finish_reason="\ud800" * 1000)
        raise ModelFault("free words \ud800" * 10_000)

    run(tmp_path / "t", condition(agent=puppet("words", answer), generations=1))
    assert len(of_type(tmp_path / "t", "answered")) == 3  # a long fault would have filled the context
    assert all(len(event.message) <= 500 for event in of_type(tmp_path / "t", "fault"))


def test_no_more_is_opened_than_can_be_read(tmp_path: Path) -> None:
    def answer(view: TenureView, turn: TurnContext) -> str:
        if view.turns:
            return END
        if view.observation.inheritance.text:
            return json.dumps({"actions": [{"action": "open", "id": "1.1.1"}] * 200})
        return json.dumps({"actions": [state(SQUARE), record("square", "words " * 200)]})

    budget = Budget(turns=3, tokens=40_000, context=6_200, evaluations=60)
    run(tmp_path / "t", condition(agent=puppet("opener", answer), generations=2, budget=budget))
    opened = of_type(tmp_path / "t", "note_opened")
    assert 2 < len(opened) < 20 and sum(event.tokens for event in opened) < budget.context
    refused = [event for event in of_type(tmp_path / "t", "acted") if event.generation == 2 and not event.ok]
    assert len(refused) == 200 - len(opened) and len({event.reply for event in refused} - {""}) <= 1
    assert refused[-1].reply == "" and sum(len(event.reply) for event in refused) < budget.context


def test_a_task_that_takes_anothers_place_is_judged_by_itself(tmp_path: Path) -> None:
    """The examiner in a worker is cached. A new trial in the same directory must not be judged by the old task's
    examiner."""
    statement = read_statement(SQUARE, Scope(Toy().build(0).given))
    found = []
    for hidden in (0, 1):
        (tmp_path / "task.json").write_text(Toy(hidden=hidden).build(0).model_dump_json())
        judge = PooledJudge(Workers(0), tmp_path / "task.json")
        found.append(asyncio.run(judge.examine(statement, {})).concepts)
    second = read_statement("define q(x: Element) -> Element = op(x, op(x, x))", Scope(Toy().build(0).given))
    assert asyncio.run(judge.examine(second, {})).concepts == ("other",)
    assert found == [("square",), ("square",)]
