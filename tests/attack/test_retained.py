"""Retained concepts are those that a successor is shown: names that get longer for it take up room too."""

from __future__ import annotations

import json
from pathlib import Path

from relay.records.budget import Budget
from relay.researcher.observation import TenureView
from relay.researcher.turn import TurnContext
from tests.trial.helpers import condition, of_type, run, state, write
from tests.trial.puppets import puppet
from tests.trial.toy import SQUARE

END = '{"actions": [{"action": "end"}]}'


def test_suffixes_take_room_from_what_is_retained(tmp_path: Path) -> None:
    """The oldest entry holds the only concept. The newer entries, each with another `f`, leave room for it only if
    names have no suffixes."""
    others = [f"define f(x: Element) -> Element = {'op(x, ' * n}x{')' * n}" for n in range(2, 12)]

    def answer(view: TenureView, turn: TurnContext) -> str:
        if view.turns or view.observation.inheritance.text:
            return END
        mine = [SQUARE] if not answer.calls else [others[answer.calls - 1]]  # type: ignore[attr-defined]
        answer.calls += 1  # type: ignore[attr-defined]
        return json.dumps({"actions": [act for s in mine for act in (state(s), write(f"```relay\n{s}\n```"))]})

    differ = 0
    for context in range(1048, 1088, 8):
        answer.calls = 0  # type: ignore[attr-defined]
        budget = Budget(turns=2, tokens=40_000, context=context, evaluations=60)
        chosen = condition(agent=puppet("many", answer), notes="journal", generations=2, width=9, budget=budget)
        final = run(tmp_path / str(context), chosen)
        shown = {key for event in of_type(tmp_path / str(context), "shown")[9:] for key in event.readable}
        first = of_type(tmp_path / str(context), "generation_ended")[0]
        differ += (set(first.retained) == {"square"}) != bool(final.discoveries.concepts_of(shown))
    assert differ == 0
