"""A stand-in for a language model whose answers a test computes: `mock/PATH_OF_THIS_FILE:say`."""

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
    """A stand-in whose tokens are the words `GF`, and nothing else."""

    def count(self, messages: tuple[Message, ...]) -> int:
        """Number of occurrences of the word."""
        return sum(len(re.findall(r"\bGF\b", message.content)) for message in messages)


def say(request: Request) -> Any:
    """The result of the test's function."""
    return PUPPETS["parrot"](request)


def parrot(function: Any, **parameters: Any) -> dict[str, Any]:
    """The spec of an agent that answers with `function(request)`."""
    PUPPETS["parrot"] = function
    return {"name": "llm", "parameters": {"model": f"mock/{Path(__file__).resolve()}:say", **parameters}}


def thrifty(function: Any, **parameters: Any) -> dict[str, Any]:
    """The spec of such an agent that counts tokens in its own way."""
    return {**parrot(function, **parameters), "name": f"{Path(__file__).resolve()}:Thrifty"}
