"""Notes as one reader reads them: names made unambiguous, and what can be called.

There is no chain-wide table of names. Each note says which definition every name in its fences means; for a reader, the
first definition shown under a name keeps it, and a different one of the same name gets a suffix, in the text too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from relay.notation import fences, rename_calls
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import SEPARATOR, Part

__all__ = ["Naming", "Read", "read_parts"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Naming:
    """Names for one reader."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        """`names`: those that already have a meaning for this reader -> keys."""
        self.names = dict(names or {})
        self._labels: dict[str, str] = {}
        for name, key in self.names.items():
            self._labels.setdefault(key, name)
        self._words: set[str] = set()

    def avoid(self, text: str) -> None:
        """Names that occur in a text shall be nobody's suffixed name."""
        self._words.update(_NAME.findall(text))

    def label(self, spelt: str, key: str) -> str:
        """What a definition is called for this reader; it takes that name for good."""
        if key not in self._labels:
            name, number = spelt, 1
            while name in self.names or (number > 1 and name in self._words):
                number += 1
                name = f"{spelt}_{number}"
            self.names[name] = key
            self._labels[key] = name
        return self._labels[key]

    def rewrite(self, text: str, note: Note) -> str:
        """A text of a note with this reader's names in its fences, and a line that says which they are."""
        changed = {spelt: label for spelt, key in note.rests_on.items() if (label := self.label(spelt, key)) != spelt}
        if not changed:
            return text
        out, at = [], 0
        for fence in fences(text):
            out += [text[at : fence.start], rename_calls(fence.body, changed)]
            at = fence.end
        words = ", ".join(f"`{spelt}` is `{label}`" for spelt, label in sorted(changed.items()))
        return f"(for you {words} in what follows)\n" + "".join([*out, text[at:]])


@dataclass(frozen=True)
class Read:
    """What a reader was shown."""

    text: str
    names: dict[str, str]
    """Names -> keys of the definitions whose source was shown, sorted by name."""
    labels: dict[str, str] = field(default_factory=dict)
    """The same with those that are only called in what was shown, and those that the reader knew already."""


def read_parts(parts: Iterable[Part], known: Mapping[str, str]) -> Read:
    """Parts as one text; `known` are names that the reader knows already."""
    naming = Naming(known)
    parts = list(parts)
    for part in parts:
        naming.avoid(part.text)
    shown = set[str]()
    for part in parts:  # what is defined has the first choice of names, before what is only called
        for spelt, key in part.note.defines.items() if part.note is not None else ():
            naming.label(spelt, key)
            shown.add(key)
    texts = [part.text if part.note is None else naming.rewrite(part.text, part.note) for part in parts]
    names = {name: key for name, key in naming.names.items() if key in shown}
    return Read(text=SEPARATOR.join(texts), names=dict(sorted(names.items())), labels=dict(naming.names))
