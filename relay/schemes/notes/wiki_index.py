"""The index of a wiki: a line for each page with its id, what was told of it, its title, version, author, and first
words.

The page that was changed last comes first. If the lines do not fit, they are without first words; if they still do not
fit, the last ones are left out, and the index says how many.
"""

from __future__ import annotations

from collections.abc import Sequence

from relay.notation import fences
from relay.records.status import Status
from relay.researcher.tokens import Counter
from relay.schemes.notes.authors import author_of
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import Layout, Mention, Notes, Part
from relay.text import excerpt

__all__ = ["index", "page_part", "said_by", "title_of", "words_of"]

INDEX = "The pages of the wiki, the last changed first; view one to read it:"
MORE = "and {} more that are not listed"
HEAD = 72
"""Characters of a page that the index shows."""


def title_of(note: Note) -> str:
    """The title of a page."""
    return str(note.data.get("title", ""))


def said_by(note: Note) -> str:
    """How sure the author of a page is, in its own word; empty if it did not say."""
    return str(note.data.get("sure", ""))


def page_part(note: Note) -> Part:
    """A page in full, under a line like that of the index."""
    return Part(f"* {_line(note)}:\n{note.text}", note, (_mention(note),))


def index(notes: Notes, room: int, count: Counter, before: Sequence[Part] = ()) -> Layout:
    """The parts `before`, which hold pages in full, and an index of the other pages, in `room` tokens together."""
    shown = {part.note.id for part in before if part.note is not None}
    newest = list(notes.values())[::-1]
    newest.sort(key=lambda note: -note.generation)
    rest = [note for note in newest if note.id not in shown]
    listed, text = _listing(rest, room - sum(part.tokens(count) for part in before), count)
    parts = (*before, Part(text, mentions=tuple(map(_mention, listed)))) if listed else tuple(before)
    return Layout(parts=parts, listed=tuple(listed), dropped=tuple(rest))


def _listing(notes: Sequence[Note], room: int, count: Counter) -> tuple[Sequence[Note], str]:
    """The pages that an index of at most `room` tokens lists, and its text."""
    for line in (_line_with_words, _line):
        if count(text := "\n".join([INDEX, *map(line, notes)])) <= room:
            return notes, text if notes else ""
    lines: list[str] = []
    left = room - count(f"{INDEX}\n{MORE.format(len(notes))}\n\n")
    for note in notes:
        left -= count(_line(note) + "\n")
        if left < 0:
            break
        lines.append(_line(note))
    return notes[: len(lines)], "\n".join([INDEX, *lines, MORE.format(len(notes) - len(lines))]) if lines else ""


def _line_with_words(note: Note) -> str:
    return f"{_line(note)}: {excerpt(words_of(note.text), HEAD)}"


def _line(note: Note) -> str:
    told = [status] if (status := _status(note)) else []
    if note.explains:
        told.append("explains " + ", ".join(map(str, note.explains)))
    head = f"{note.id} {'; '.join(told)}".rstrip()
    sure = f", {sure}" if (sure := said_by(note)) else ""
    return f"[{head}] {title_of(note)} (version {note.version} by {author_of(note)}{sure})"


def words_of(text: str) -> str:
    """The words of a page on one line, without the lines that open and close its fences."""
    out, at = "", 0
    for fence in fences(text):
        out += text[at : fence.start].rstrip("\n").rpartition("\n")[0] + "\n" + fence.body
        at = fence.end + len(text[fence.end :].partition("\n")[0])
    return " ".join((out + text[at:]).split())


def _status(note: Note) -> str:
    """What was told of the statements of a page, if one word says it. That a definition is one can be seen."""
    return "" if note.sure == Status.DEFINED or not note.sure.isidentifier() else note.sure


def _mention(note: Note) -> Mention:
    """The same as `_line`, as data."""
    return Mention(note.id, status=_status(note), explains=note.explains)
