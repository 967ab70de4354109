"""Machine faults cost nothing, and the request is repeated. Past the limit the trial is interrupted and can be
resumed.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from relay.errors import MachineFault, UsageError
from relay.records.head import Head
from relay.records.reader import TrialReader
from relay.researcher.observation import TenureView
from relay.researcher.turn import TurnContext
from relay.trial.directory import load_trial
from relay.trial.trial import resume_trial
from tests.trial.helpers import QUICK, condition, events, of_type, record, run, state
from tests.trial.puppets import puppet
from tests.trial.toy import FOURTH, SQUARE, Toy, ToyJudge, apply_often

LINES = [[state(SQUARE), record("square")], [state(FOURTH), record("fourth")]]


class Endpoint:
    """Fails a number of times before each answer, and remembers the answers that were paid for."""

    def __init__(self, failures: int, error: Exception) -> None:
        self.failures, self.error = failures, error
        self.left = failures
        self.paid: list[tuple[int, float]] = []

    async def __call__(self, view: TenureView, turn: TurnContext) -> str:
        await turn.bench.run(apply_often, 3)
        draw = turn.rng.random()
        if self.left:
            self.left -= 1
            raise self.error
        self.left = self.failures
        self.paid.append((len(view.turns), draw))
        place = len(view.turns)
        return json.dumps({"actions": LINES[place] if place < len(LINES) else [{"action": "end"}]})


@pytest.mark.parametrize("error", [MachineFault("429"), ConnectionResetError("lost"), TimeoutError("late")])
def test_retried_faults_cost_nothing(tmp_path: Path, error: Exception) -> None:
    calm, shaky = Endpoint(0, error), Endpoint(2, error)
    run(tmp_path / "calm", condition(agent=puppet("endpoint", calm), generations=1))
    final = run(tmp_path / "shaky", condition(agent=puppet("endpoint", shaky), generations=1))
    assert final.ended == "completed"
    assert of_type(tmp_path / "calm", "tenure_ended")[0].spent == of_type(tmp_path / "shaky", "tenure_ended")[0].spent
    faults = of_type(tmp_path / "shaky", "fault")
    assert [fault.turn for fault in faults] == [1, 1, 2, 2, 3, 3] and {fault.side for fault in faults} == {"machine"}
    assert calm.paid == shaky.paid


def test_past_the_limit_the_trial_is_interrupted_and_resumed(tmp_path: Path) -> None:
    endpoint = Endpoint(0, MachineFault("down"))
    chosen = condition(agent=puppet("endpoint", endpoint), generations=2, width=2)
    run(tmp_path / "whole", chosen)
    whole, endpoint.paid = endpoint.paid, []
    calls = iter([0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9])

    async def dies(view: TenureView, turn: TurnContext) -> str:
        if next(calls, 0):
            raise MachineFault("down")
        return await endpoint(view, turn)

    puppet("endpoint", dies)
    state = run(tmp_path / "a", chosen)
    assert state.ended == "interrupted"
    assert load_trial(tmp_path / "a", trust=True).state.ended == "interrupted"
    puppet("endpoint", endpoint)
    judge = ToyJudge(Toy().build(0))
    final = asyncio.run(resume_trial(tmp_path / "a", trust=True, judge=judge, retry=QUICK))
    assert final.ended == "completed"
    assert sorted(endpoint.paid) == sorted(whole)  # nothing was asked for twice
    # the block that said that it was interrupted is gone, in the log and in its head
    assert TrialReader.open(tmp_path / "a").read().blocks == TrialReader.open(tmp_path / "whole").read().blocks == 4
    assert Head.read(tmp_path / "a/head.json").blocks == 4
    placeless = {"seq", "digest"}
    kept = [event.model_dump(exclude=placeless) for event in events(tmp_path / "a") if event.type != "fault"]
    assert kept == [event.model_dump(exclude=placeless) for event in events(tmp_path / "whole")]


def test_a_component_that_breaks_is_seen_and_loses_nothing(tmp_path: Path) -> None:
    endpoint = Endpoint(0, MachineFault("down"))
    chosen = condition(agent=puppet("endpoint", endpoint), generations=1)
    run(tmp_path / "whole", chosen)

    async def broken(view: TenureView, turn: TurnContext) -> str:
        if view.turns:
            raise KeyError("a bug")
        return await endpoint(view, turn)

    puppet("endpoint", broken)
    with pytest.raises(
        UsageError, match=r"^the agent `Puppet` failed with KeyError: 'a bug' in `Puppet\.answer` [^\n]*$"
    ):
        run(tmp_path / "a", chosen)
    puppet("endpoint", endpoint)
    paid = len(endpoint.paid)
    run(tmp_path / "a", chosen)
    assert len(endpoint.paid) == paid + 2  # the first answer was kept
    assert (tmp_path / "a/events.jsonl").read_bytes() == (tmp_path / "whole/events.jsonl").read_bytes()


@pytest.mark.parametrize(("said", "told"), [(None, "nothing"), ("{}", "a value of the type str")])
def test_an_agent_that_gives_no_answer_is_told(tmp_path: Path, said: object, told: str) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "from relay.researcher.agent import Agent\n"
        "from relay.researcher.text_agent import TextAgent\n"
        "class Plain(Agent):\n"
        f"    async def answer(self, view, turn):\n        return {said!r}\n"
        "class Reader(TextAgent):\n"
        f"    async def reply(self, view, turn):\n        return {said!r}\n"
    )
    for name in ("Plain", "Reader"):
        with pytest.raises(UsageError, match=f"{name}` returned {told} instead of an `Answer`"):
            run(tmp_path / name, condition(agent=f"{file}:{name}", generations=1))
