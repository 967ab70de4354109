"""An agent is seated once, before a tenure's clock starts, and leaves its seat when the tenure is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from relay.records.budget import Budget
from relay.researcher.agent import Agent
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext
from tests.trial import strings
from tests.trial.helpers import condition, of_type, own_events, reopen, run

END = '{"actions": [{"action": "end"}]}'


class Sitter(Agent):
    """Takes time to sit down, and records its steps."""

    pause: float = 0.0

    @asynccontextmanager
    async def seated(self, view: TenureView) -> AsyncIterator[None]:
        await asyncio.sleep(self.pause)
        strings.PUPPETS["sitter"](f"sits, {len(view.turns)} turns", None)
        yield
        strings.PUPPETS["sitter"]("gets up", None)

    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        strings.PUPPETS["sitter"]("answers", None)
        return Answer(text=END if len(view.turns) == 2 else "```relay\nclaim 1 == 1\n```")


def sitting(where: Path, pause: float = 0.0, **options: object) -> list[str]:
    """The steps that the sitter recorded in a trial."""
    said: list[str] = []
    strings.PUPPETS["sitter"] = lambda what, _: said.append(what)
    run(
        where,
        condition(agent={"name": f"{Path(__file__).resolve()}:Sitter", "parameters": {"pause": pause}}, **options),
    )
    return said


def test_once_a_tenure_around_all_of_its_answers(tmp_path: Path) -> None:
    one = ["sits, 0 turns", *["answers"] * 3, "gets up"]
    assert sitting(tmp_path, generations=2) == one * 2


def test_a_tenure_that_is_gone_on_with_is_seated_again_unless_it_is_over(tmp_path: Path) -> None:
    sitting(tmp_path, generations=1)
    log = (tmp_path / "events.jsonl").read_bytes()
    own = own_events(tmp_path, 1, 1)
    answers = [place for place, event in enumerate(own) if event.type == "answered"]
    for answered, wanted in ((2, ["sits, 2 turns", "answers", "gets up"]), (3, [])):
        reopen(tmp_path, 1, {1: own[: answers[answered - 1] + 1]})
        assert sitting(tmp_path, generations=1) == wanted
        assert (tmp_path / "events.jsonl").read_bytes() == log


def test_sitting_down_costs_no_time(tmp_path: Path) -> None:
    budget = Budget(turns=3, tokens=40_000, context=6_000, evaluations=60, seconds=5)
    sitting(tmp_path, pause=0.5, generations=1, budget=budget)
    (ended,) = of_type(tmp_path, "tenure_ended")
    assert ended.reason == "ended" and ended.spent.seconds < 0.5
