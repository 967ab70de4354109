"""Notes as one reader reads them: names made unambiguous.

There is no table of names for the whole chain. Each note says which definition every name in its fences means. For a
reader, the first definition shown under a name keeps it. A different definition with the same name gets a suffix, in
the text too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from relay.notation import fences, rename_calls
from relay.researcher.observation import NoteEntry
from relay.schemes.notes.linking import close_fences
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import FENCE, SEPARATOR, Mention, Part

__all__ = ["Naming", "Read", "joined", "read_parts"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Naming:
    """The names of definitions for one reader."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        """`names`: name that has a meaning for this reader already -> key."""
        self.names = dict(names or {})
        self._labels: dict[str, str] = {}
        for name, key in self.names.items():
            self._labels.setdefault(key, name)
        self._words: set[str] = set()

    def avoid(self, text: str) -> None:
        """Never make a name with a suffix that occurs as a word in `text`."""
        self._words.update(_NAME.findall(text))

    def label(self, spelt: str, key: str) -> str:
        """The reader's name for the definition `key`, which a note calls `spelt`. The first call for a key fixes its
        name."""
        if key not in self._labels:
            name, number = spelt, 1
            while name in self.names or (number > 1 and name in self._words):
                number += 1
                name = f"{spelt}_{number}"
            self.names[name] = key
            self._labels[key] = name
        return self._labels[key]

    def rewrite(self, text: str, note: Note, *, fenced: bool = False) -> str:
        """`text`, a text of `note`, with this reader's names in its fences; `fenced`: it stands in a fence as a whole.
        If names were changed, a first line lists them."""
        changed = self._changed(note)
        if not changed:
            return text
        if fenced:
            return f"# {_told(changed)}\n{rename_calls(text, changed)}"
        return f"{_told(changed)}\n{_in_fences(text, changed)}"

    def renamed(self, text: str, note: Note) -> str:
        """`text`, a text of `note`, with this reader's names in its fences, and nothing else changed."""
        return _in_fences(text, self._changed(note))

    def part(self, note: Note, first: int, last: int) -> str:
        """The lines `first` to `last` of the text of `note`, from 1, with this reader's names. If names were changed, a
        line before them lists them. Fences that the part leaves open are closed."""
        changed = self._changed(note)
        lines = _in_fences(note.text, changed).split("\n")[first - 1 : last]
        return close_fences("\n".join([_told(changed), *lines] if changed else lines))

    def _changed(self, note: Note) -> dict[str, str]:
        """Name as `note` spells it -> this reader's name, where they differ."""
        labels = {spelt: self.label(spelt, key) for spelt, key in note.links.items()}
        return {spelt: label for spelt, label in labels.items() if label != spelt}


def _told(changed: Mapping[str, str]) -> str:
    words = ", ".join(f"`{spelt}` is `{label}`" for spelt, label in sorted(changed.items()))
    return f"(for you {words} in what follows)"


def _in_fences(text: str, changed: Mapping[str, str]) -> str:
    """`text` with names changed in its fences."""
    if not changed:
        return text
    out, at = [], 0
    for fence in fences(text):
        out += [text[at : fence.start], rename_calls(fence.body, changed)]
        at = fence.end
    return "".join([*out, text[at:]])


@dataclass(frozen=True)
class Read:
    """The text that a reader was shown, and its names."""

    text: str
    names: dict[str, str]
    """Name -> key of a definition whose source was shown, sorted by name."""
    labels: dict[str, str] = field(default_factory=dict)
    """The entries of `names`, and also those of names that were only called in the text or that the reader knew
    already."""
    entries: tuple[NoteEntry, ...] = ()
    """What the text tells of single notes, in order."""


def read_parts(parts: Iterable[Part], known: Mapping[str, str]) -> Read:
    """The parts as one text; `known` maps names that the reader knows already to keys."""
    naming = Naming(known)
    parts = list(parts)
    for part in parts:
        naming.avoid(part.text)
    shown = set[str]()
    for part in parts:  # defined names are chosen first, before names that are only called
        for spelt, key in part.note.defines.items() if part.note is not None else ():
            naming.label(spelt, key)
            shown.add(key)
    texts = [
        part.text if part.note is None else naming.rewrite(part.text, part.note, fenced=part.fenced) for part in parts
    ]
    names = {name: key for name, key in naming.names.items() if key in shown}
    return Read(
        text=joined(parts, texts),
        names=dict(sorted(names.items())),
        labels=dict(naming.names),
        entries=tuple(_entry(mention, part.note, naming) for part in parts for mention in part.mentions),
    )


def joined(parts: Sequence[Part], texts: Iterable[str]) -> str:
    """The texts of the parts as one text, with the fences that the parts ask for."""
    pieces: list[str] = []
    for fenced, run in groupby(zip(parts, texts, strict=True), key=lambda pair: pair[0].fenced):
        own = [text for _, text in run]
        pieces += [FENCE.format("\n".join(own))] if fenced else own
    return SEPARATOR.join(pieces)


def _entry(mention: Mention, note: Note | None, naming: Naming) -> NoteEntry:
    """What a part tells of one note; `note` is the note that the part holds, if it holds one."""
    defines = note.defines if note is not None and note.id == mention.id else None
    return NoteEntry(
        id=mention.id,
        names=tuple(naming.label(spelt, key) for spelt, key in (defines or {}).items()),
        status=mention.status,
        explains=mention.explains,
        full=defines is not None,
    )
