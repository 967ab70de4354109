"""Lines of text for a console: indented, and broken to its width if it is a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from relay.text import printable

__all__ = ["LinePrinter"]

NARROWEST = 40
"""Characters that a line may have at least, however far it is indented."""
STEP = 2
"""Spaces of one level of indentation."""


class LinePrinter:
    """Prints lines as they come. Unseen characters are spelt as escapes, so that no text can send commands to the
    terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        # Programs and files get whole lines. A pager is no terminal, and what it prints to is one.
        self._width = console.width if console.is_terminal else None

    def line(self, text: str = "", style: str = "", level: int = 0) -> None:
        """Print a text of one or more lines at a level of indentation."""
        self.labelled("", text, style, level)

    def labelled(self, label: str, text: str, style: str = "", level: int = 0, label_style: str = "") -> None:
        """Print a label, and beside it a text whose further lines begin below its first."""
        label = printable(label)
        left = " " * (STEP * level)
        indent = len(left) + len(label)
        for number, whole in enumerate(printable(text).split("\n")):
            for part, content in enumerate(self._broken(whole, indent)):
                begins = number == part == 0
                head = Text.assemble(left, (label, label_style)) if begins else Text(" " * indent)
                shown = Text.assemble(head, (content, style)) if content or begins else Text()
                shown.rstrip()
                self._console.print(shown, soft_wrap=True)

    def _broken(self, line: str, indent: int) -> list[str]:
        """The parts of a line that fit beside an indentation. Parts after the first keep the line's own indentation."""
        if self._width is None or indent + len(line) <= self._width:
            return [line]
        own = line[: len(line) - len(line.lstrip())]
        room = max(self._width - indent - len(own), NARROWEST)
        parts = Text(line.lstrip()).wrap(self._console, room)
        return [own + part.plain.rstrip() for part in parts]
