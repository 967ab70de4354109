"""What every reader of the language model's prompt has: the rules at its head, and the prompt itself."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, ClassVar

from pydantic import Field, field_validator, model_validator

from agents.llm.prompt import render
from agents.llm.rules import read_rules, sentences, shipped_file
from relay.errors import UsageError
from relay.records.budget import Budget
from relay.records.marks import CopiedFile
from relay.records.record import later
from relay.researcher.observation import Message, TenureView
from relay.researcher.text_agent import TextAgent

__all__ = ["Prompted"]


class Prompted(TextAgent):
    """Base of researchers that read the prompt of a language model."""

    usual: ClassVar[Budget] = Budget(turns=8, tokens=200_000, context=16_000, answer=4_000, evaluations=20_000)
    """As many evaluations as other agents have, since `mock/explorer` has a bench. A researcher without one is limited
    by its turns and tokens."""

    rules: Annotated[str, CopiedFile("prompt file", shipped=shipped_file)] = Field(
        default="rules", validate_default=True
    )
    """The text at the head of every prompt: the name of a file in `agents/llm/prompts/` (`rules`; `probe` for a probe),
    or the path of any file."""
    without: tuple[str, ...] = later(())
    """Names of sentences of the rules that are left out of every prompt, to see what they are worth."""

    @field_validator("rules")
    @classmethod
    def _readable(cls, source: str) -> str:
        read_rules(source)
        return source

    @model_validator(mode="after")
    def _has_what_is_left_out(self) -> Prompted:
        named = sentences(self._rules)
        for name in self.without:
            if name not in named:
                raise UsageError(
                    f"the rules `{self.rules}` have no sentence `{name}`; "
                    f"their sentences are: {', '.join(named) or 'none'}"
                )
        return self

    @cached_property
    def _rules(self) -> str:
        return read_rules(self.rules)

    def prompt(self, view: TenureView) -> tuple[Message, ...]:
        """The prompt: rules, task, notes, turns, and the remaining budget."""
        return render(view, self._rules, self.without)
