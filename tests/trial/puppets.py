"""A researcher whose answers a test controls: `Puppet(name=...)` answers with the return value of `PUPPETS[name]`."""

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
    """Answers with the return value of a function."""

    name: str

    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        return await Function(function=strings.PUPPETS[self.name]).answer(view, turn)


def puppet(name: str, function: Callable[[TenureView, TurnContext], Any]) -> dict[str, Any]:
    """The spec of an agent that answers with the return value of `function`."""
    strings.PUPPETS[name] = function
    return {"name": f"{Path(__file__).resolve()}:Puppet", "parameters": {"name": name}}
