"""Budgets are policies, spending is a tally; the engine checks before it spends."""

from __future__ import annotations

from pydantic import Field

from relay.record import Record


class Budget(Record):
    """What one tenure may spend."""

    turns: int = Field(default=4, ge=1)
    """Answers of the researcher."""
    tokens: int = Field(default=200_000, ge=1)
    """Tokens in plus tokens out, over the whole tenure; every turn's whole prompt counts as tokens in."""
    context: int = Field(default=16_000, ge=1)
    """Tokens that one prompt and its answer may have together."""
    evaluations: int = Field(default=20_000, ge=0)
    """Terms valued on the bench, plus statements sent to the checker, plus `evaluate` actions."""


class Spent(Record):
    """A tally against a `Budget`; the same units."""

    turns: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    evaluations: int = 0

    @property
    def tokens(self) -> int:
        """Tokens in plus tokens out."""
        return self.tokens_in + self.tokens_out
