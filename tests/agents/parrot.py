"""A stand-in for a language model that says what a test makes up: `mock/PATH_OF_THIS_FILE:say`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agents.models import Request
from tests.engine.strings import PUPPETS

__all__ = ["parrot", "say"]


def say(request: Request) -> Any:
    """What the function of the test returns."""
    return PUPPETS["parrot"](request)


def parrot(function: Any, **parameters: Any) -> dict[str, Any]:
    """The spelling of an agent that says what `function` returns for a request."""
    PUPPETS["parrot"] = function
    return {"name": "llm", "parameters": {"model": f"mock/{Path(__file__).resolve()}:say", **parameters}}
