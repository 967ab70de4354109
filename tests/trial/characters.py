"""A researcher that keeps, forgets, breaks or hands on the rules of the charters that relay ships, in any scheme."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from relay.researcher.actions import Purpose, Role, filled, written
from relay.researcher.agent import Agent
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext

HERE = str(Path(__file__).resolve())
RULE = "Rule: mark claims as unchecked, strike nothing, leave a plan."
PLAN = "next: look at op with itself, since all else that I tried was in vain"


class Character(Agent):
    """States a claim and notes it down in its first turn, and in its second may leave a plan."""

    manner: Literal["keeper", "forgetter", "heir", "breaker"]
    """A forgetter keeps the rules if it is given them; an heir also if it reads them in the notes, where it writes
    them."""

    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        inherited, offered = view.observation.inheritance, view.observation.note_actions
        told = bool(inherited.words) or (self.manner == "heir" and RULE in inherited.text)
        keeps = self.manner == "keeper" or (self.manner in ("forgetter", "heir") and told)
        actions: list[dict[str, Any] | None] = []
        if not view.turns:
            claim = f"claim (x: Element): {_term(turn.rng, 8)} == x"
            actions += [{"action": "state", "source": claim}, written(offered, claim, "unchecked" if keeps else "")]
            if keeps and self.manner == "heir":
                actions.append(filled(offered, Purpose.WRITE, {Role.TEXT: RULE}))
            if not keeps:
                strikes = _strikes(view, [entry.id for entry in inherited.entries])
                # a letter that is rewritten has lost what was added to it before
                actions = [*strikes, *actions]
        else:
            actions = [filled(offered, Purpose.WRITE, {Role.TEXT: PLAN})] if keeps else []
            actions.append({"action": "end"})
        return Answer(text=json.dumps({"actions": [action for action in actions if action]}))


def _term(rng: np.random.Generator, leaves: int) -> str:
    if leaves == 1:
        return "x"
    left = int(rng.integers(1, leaves))
    return f"op({_term(rng, left)}, {_term(rng, leaves - left)})"


def _strikes(view: TenureView, ids: Sequence[str]) -> list[dict[str, Any] | None]:
    offered = view.observation.note_actions
    if any(action.purpose is Purpose.STRIKE for action in offered):
        return [filled(offered, Purpose.STRIKE, {Role.NOTE: id}) for id in ids[:1]]
    return [filled(offered, Purpose.EDIT, {Role.TEXT: "another text"}) for _ in ids[:1]]
