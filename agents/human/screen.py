"""What a person sees: parts between rules, on standard error, since results go to standard output.

Whatever is shown or typed passes here, and here alone words trade places with those of a disguise.
"""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from agents.human.layout import MARKS, laid_out
from relay.researcher.disguise import Disguise

__all__ = ["Screen"]


class Screen:
    """A calm page."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self.disguise = Disguise()
        """Of whoever sits in the chair. On this side of the screen all words are the true ones."""

    @property
    def is_terminal(self) -> bool:
        """Whether somebody may be looking."""
        return self._console.is_terminal

    def traded(self, text: str) -> str:
        """What is shown, as it is read; what was typed, in true words."""
        return self.disguise.swap(text)

    def part(self, title: str, text: str) -> None:
        """A text under a rule with its title."""
        self._console.print()
        self._console.rule(Text(self.traded(title), "bold"), style="dim", align="left")
        self.text(text)

    def text(self, text: str) -> None:
        """Words, broken for this width; marks of fences step back."""
        shown = Text(laid_out(self.traded(text), self._console.width))
        shown.highlight_regex(MARKS, "dim")
        self._console.print(shown, soft_wrap=True)

    def say(self, text: str, style: str = "") -> None:
        """A line."""
        self._console.print(Text(laid_out(self.traded(text), self._console.width), style), soft_wrap=True)

    def hint(self, text: str) -> None:
        """A line that steps back."""
        self.say(text, "dim")

    def clear(self) -> None:
        """Nothing of what was there can be read any more, nor scrolled back to. On a terminal only."""
        if self.is_terminal:
            self._console.file.write("\x1b[H\x1b[2J\x1b[3J")
            self._console.file.flush()
