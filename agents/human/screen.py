"""The screen: parts with headings, on standard error, since results go to standard output.

All shown and typed text passes through here. This is the only place where words are exchanged with those of a disguise.
"""

from __future__ import annotations

from rich.text import Text

from agents.human.layout import MARKS, laid_out
from relay.commands.console import SafeConsole
from relay.researcher.disguise import Disguise

__all__ = ["Screen"]


class Screen:
    """Plain output in parts, broken to the terminal's width."""

    def __init__(self) -> None:
        self._console = SafeConsole(stderr=True, highlight=False)
        self.disguise = Disguise()
        """The disguise of the person in the chair. Callers of this class always use the true words."""

    @property
    def is_terminal(self) -> bool:
        """Whether standard error is a terminal."""
        return self._console.is_terminal

    def traded(self, text: str) -> str:
        """Shown text with the disguise applied, or typed text with it removed: the exchange is its own inverse."""
        return self.disguise.swap(text)

    def part(self, title: str, text: str) -> None:
        """Show a text under a heading."""
        self._console.print()
        self._console.rule(Text(self.traded(title), "bold"), style="dim", align="left")
        self.text(text)

    def text(self, text: str) -> None:
        """Show a text; the marks of fences are dimmed."""
        shown = Text(laid_out(self.traded(text), self._console.width))
        shown.highlight_regex(MARKS, "dim")
        self._console.print(shown, soft_wrap=True)

    def say(self, text: str, style: str = "") -> None:
        """Show a line."""
        self._console.print(Text(laid_out(self.traded(text), self._console.width), style), soft_wrap=True)

    def hint(self, text: str) -> None:
        """Show a dimmed line."""
        self.say(text, "dim")

    def clear(self) -> None:
        """On a terminal, erase the screen and its history, so that nothing can be scrolled back to."""
        if self.is_terminal:
            self._console.file.write("\x1b[H\x1b[2J\x1b[3J")
            self._console.file.flush()
