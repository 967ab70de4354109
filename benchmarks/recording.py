"""What a benchmark's model was asked. It is a module of its own because a model that is named by its file is read from
that file once more: only what both import is the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from agents.models.model import Completion, Request


@dataclass(frozen=True)
class Asked:
    """A request and what came of it."""

    request: Request
    completion: Completion


@dataclass
class Record:
    """What trials asked, in order of arrival."""

    asked: list[Asked] = field(default_factory=list)

    @property
    def tokens(self) -> int:
        return sum((one.completion.tokens_in or 0) + (one.completion.tokens_out or 0) for one in self.asked)

    @property
    def cached(self) -> float:
        """Share of the prompts' tokens that the engine had already."""
        there = sum(one.completion.tokens_cached for one in self.asked)
        return there / sum(one.completion.tokens_in or 0 for one in self.asked)


RECORD = Record()
