"""A console that sends no command of somebody else's to the terminal.

Notes, remarks, briefs, names of files and answers are texts of strangers. Everything that relay prints with rich goes
through this console, and everything else through `relay.commands.output`; a test finds other ways of printing.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from relay.text import printable

__all__ = ["SafeConsole"]


class SafeConsole(Console):
    """A console of rich that spells unseen characters of texts as escapes. Styles, and rich's own commands, stay."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments of a renderable, each with its text made printable."""
        for segment in super().render(renderable, options):
            text = segment.text if segment.control else printable(segment.text)
            yield segment if text is segment.text or text == segment.text else segment._replace(text=text)
