"""A researcher whose answers a test makes up: `Puppet(name=...)` answers with what `PUPPETS[name]` returns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from agents.scripted import Function
from relay.researcher.agent import Agent
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext
from tests.trial import strings

__all__ = ["Puppet", "puppet"]


class Puppet(Agent):
    """Pulled by a function."""

    name: str

    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        return await Function(function=strings.PUPPETS[self.name]).answer(view, turn)


def puppet(name: str, function: Callable[[TenureView, TurnContext], Any]) -> dict[str, Any]:
    """The spelling of an agent that answers with what `function` returns."""
    strings.PUPPETS[name] = function
    return {"name": f"{Path(__file__).resolve()}:Puppet", "parameters": {"name": name}}
