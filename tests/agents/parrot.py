"""A stand-in for a language model that says what a test makes up: `mock/PATH_OF_THIS_FILE:say`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from agents.llm import LanguageModel
from agents.models import Request
from relay.researcher.observation import Message
from tests.trial.strings import PUPPETS

__all__ = ["Thrifty", "parrot", "say", "thrifty"]


class Thrifty(LanguageModel):
    """A stand-in that counts the word `GF` and nothing else."""

    def count(self, messages: tuple[Message, ...]) -> int:
        """How often it stands there."""
        return sum(len(re.findall(r"\bGF\b", message.content)) for message in messages)


def say(request: Request) -> Any:
    """What the function of the test returns."""
    return PUPPETS["parrot"](request)


def parrot(function: Any, **parameters: Any) -> dict[str, Any]:
    """The spelling of an agent that says what `function` returns for a request."""
    PUPPETS["parrot"] = function
    return {"name": "llm", "parameters": {"model": f"mock/{Path(__file__).resolve()}:say", **parameters}}


def thrifty(function: Any, **parameters: Any) -> dict[str, Any]:
    """The same for one that counts in its own way."""
    return {**parrot(function, **parameters), "name": f"{Path(__file__).resolve()}:Thrifty"}
