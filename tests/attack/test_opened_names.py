"""If a reader has seen a name called without its definition, the name means that definition in notes opened later."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from relay.researcher.observation import TenureView
from relay.researcher.turn import TurnContext
from tests.trial.helpers import condition, of_type, record, run, state
from tests.trial.puppets import puppet

END = '{"actions": [{"action": "end"}]}'
LOST = "define g(x: Element) -> Element = op(op(x, x), x)"
OTHER = "define g(x: Element) -> Element = op(x, op(x, x))"
ON_IT = "define h(x: Element) -> Element = g(g(x))"
PADS = [f"define p{n}(x: Element) -> Element = {'op(x, ' * (n + 4)}x{')' * (n + 4)}" for n in range(3)]


@pytest.mark.parametrize("order", ["hg", "gh"])
def test_names_of_what_was_never_read_stay_apart(tmp_path: Path, order: str) -> None:
    turns = [
        [state(LOST), state(ON_IT), record("h")],
        [state(OTHER), record("g")],
        [act for n, source in enumerate(PADS) for act in (state(source), record(f"p{n}", "word " * 98))],
    ]

    def answer(view: TenureView, turn: TurnContext) -> str:
        if view.turns:
            return END
        text = view.observation.inheritance.text
        if not text:
            return json.dumps({"actions": turns.pop(0) if turns else []})
        ids = {name: id for id, name in re.findall(r"\[(\d\.\d\.\d+)[^\n]*define ([gh])\(", text)}
        assert set(ids) == {"g", "h"}
        return json.dumps({"actions": [{"action": "open", "id": ids[name]} for name in order]})

    chosen = condition(agent=puppet("opener", answer), notes="ledger(cap=400)", generations=2, width=3)
    run(tmp_path / "t", chosen)
    replies = [e.reply for e in of_type(tmp_path / "t", "acted") if e.generation == 2 and e.tenure == 1][:2]
    told = dict(zip(order, replies, strict=True))
    (defined,) = re.findall(r"define (\w+)\(", told["g"])
    (called,) = re.findall(r"= (\w+)\((?:\w+)\(x\)\)", told["h"])
    assert defined != called
