"""`carryover` hands on the last turns of the predecessor's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from relay.researcher.observation import Message, TenureView
from relay.researcher.tokens import count_text
from relay.researcher.turn import TurnContext
from relay.schemes.memory import Carryover, Remembered
from tests.trial.helpers import condition, of_type, run
from tests.trial.puppets import puppet

TALK = "uauauaaua"
"""Roles: the first three messages were handed on, and one answer was replied to by nothing."""
REMEMBERED = tuple(
    Remembered(message=Message(role={"u": "user", "a": "assistant"}[role], content=f"message {at}"), inherited=at < 3)
    for at, role in enumerate(TALK)
)


@pytest.mark.parametrize(
    ("turns", "room", "first"),
    [(1, 1_000, 7), (2, 1_000, 4), (3, 1_000, 4), (9, 1_000, 4), (2, 30, 7), (1, 3, 9)],
)
def test_the_last_turns_are_handed_on_as_far_as_they_fit(turns: int, room: int, first: int) -> None:
    assert Carryover(turns=turns).hand_on(REMEMBERED, room, count_text) == REMEMBERED[first:]


def test_nothing_goes_further_than_one_tenure(tmp_path: Path) -> None:
    seen: list[TenureView] = []

    def answer(view: TenureView, turn: TurnContext) -> str:
        if not view.turns:
            seen.append(view)
        return json.dumps({"thinking": f"{len(seen)} {len(view.turns)}", "actions": []})

    chosen = condition(agent=puppet("counts", answer), notes="none", memory="carryover(turns=2)", generations=3)
    run(tmp_path / "a", chosen)
    answers = [
        [message.content[14:17] for message in view.observation.inheritance.messages if message.role == "assistant"]
        for view in seen
    ]
    assert answers == [[], ["1 0", "1 1", "1 2"], ["2 0", "2 1", "2 2"]]
    assert [event.messages for event in of_type(tmp_path / "a", "shown")] == [0, 4, 4]
