"""What a scheme can get from outside of the process while a turn is carried out: the answer of a model, an embedding.

A scheme never asks on its own. It hands the engine the question and the function that asks it. The engine writes the
answer to the log before the scheme gets it, takes it from there when the trial is resumed, and repeats the request
after faults of the machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from relay.records.consulted import Consulted
from relay.researcher.model import Completion

__all__ = ["Outside", "Question"]


@dataclass(frozen=True)
class Question:
    """One question. Two questions that are equal may have one answer."""

    purpose: str
    by: str
    """Who is asked; a model as `provider/name`."""
    text: str
    """All that the answer may depend on, as text."""
    key: str = ""
    """Key of the statement that it is about, if it is about one."""
    manner: str = ""
    """How it is asked, if there are several ways."""

    @property
    def digest(self) -> str:
        """SHA-256 of purpose, addressee and text."""
        canonical = json.dumps([self.purpose, self.by, self.text], separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()


class Outside(Protocol):
    """The way to the outside for one tenure."""

    def answered(self, question: Question) -> Consulted | None:
        """The answer that this tenure has already to an equal question; None if it has none, or only a fault."""

    async def ask(self, question: Question, answer: Callable[[], Awaitable[Completion]]) -> Consulted:
        """The answer to a question: from the log if it is there, else from `answer`, which may raise the errors of
        `relay.researcher.model.Model.complete`. If the model gave nothing usable, the result has a `fault`."""
