"""The interface of a source of lines: a keyboard or a pipe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

__all__ = ["Lines", "Prompt"]

Prompt = Callable[[], Sequence[tuple[str, str]]]
"""Returns the prompt, as pairs of prompt_toolkit style and text. Called again and again while a line is typed."""


class Lines(Protocol):
    """A source of lines. Waiting for a line blocks nothing else and can be cancelled. The unfinished line is then lost,
    but later input is not."""

    async def line(self, prompt: Prompt) -> str:
        """The next line, without its end and without disguise. Raises `EOFError` at the end of the input."""

    def forget(self) -> None:
        """Drop everything that one person typed before the next one begins."""

    def tell(self, text: str) -> None:
        """Show a line above the one that is being typed."""
