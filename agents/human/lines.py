"""Where lines come from: a keyboard, or a pipe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

__all__ = ["Lines", "Prompt"]

Prompt = Callable[[], Sequence[tuple[str, str]]]
"""What stands before the line that is typed: styles of prompt_toolkit, and words. Asked again while it is typed."""


class Lines(Protocol):
    """Waiting for a line blocks nothing else, and can be cancelled: what was typed of it is gone, what follows is not
    swallowed."""

    async def line(self, prompt: Prompt) -> str:
        """The next line, without its end, in true words. `EOFError` when there is none."""

    def forget(self) -> None:
        """Nothing that one person typed reaches the next."""

    def tell(self, text: str) -> None:
        """Show a line above the one that is being typed."""
