"""Notes as one reader reads them: names made unambiguous, and what can be called.

There is no chain-wide table of names. Each note says which definition every name in its fences means; for a reader, the
first definition shown under a name keeps it, and a different one of the same name gets a suffix, in the text too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from relay.errors import NotationError
from relay.notation import Scope, fences, mentioned_names, read_statement, rename_calls, split_statements
from relay.notation.syntax import Definition
from relay.notes.note import Note
from relay.notes.scheme import SEPARATOR, Linked, Part
from relay.task import Given

__all__ = ["Naming", "Read", "Told", "close_fences", "link", "read_parts"]

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


def close_fences(text: str) -> str:
    """The text, with what closes a fence that it leaves open: it would swallow whatever is shown after it."""
    marks = max((len(run) for run in re.findall(r"`{3,}|~{3,}", text)), default=3)
    probe = "\n```relay\n\n```"
    for closing in ("", "\n" + "`" * marks, "\n" + "~" * marks):
        if len(fences(text + closing + probe)) == len(fences(text + closing)) + 1:
            return text + closing
    return text.replace("```", "'''").replace("~~~", "---")


@dataclass
class Told:
    """What an author knows of a statement: that it stated or could read it, and what it was told."""

    status: str = ""
    explains: tuple[int, ...] = field(default=())


def link(
    text: str, given: Given, names: Mapping[str, str], definitions: Mapping[str, Definition], known: Mapping[str, Told]
) -> Linked:
    """The statements in the fences of a text, as their author reads them.

    `names` are the author's -> keys, `definitions` holds what they mean, `known` the keys of all statements that the
    author stated or could read. Any other statement stays words, and so does one that would give a name of the note a
    second meaning: a key does not hold a definition's name, so one may be spelt with another's.
    """
    statements: dict[str, Told] = {}
    rests_on: dict[str, str] = {}
    unknown: list[str] = []
    for fence in fences(text):
        for located in split_statements(fence.body):
            # Only what it calls is in scope: a variable may be spelt like something defined since.
            called = {name: names[name] for name in sorted(mentioned_names(located.source)) if name in names}
            scope = Scope(given, {name: definitions[key] for name, key in called.items() if key in definitions})
            try:
                statement = read_statement(located.source, scope)
            except NotationError:
                statement = None
            meant = dict(statement.rests_on) if statement is not None else {}
            if isinstance(statement, Definition):
                meant[statement.name] = statement.key
            clash = any(rests_on.get(name, key) != key for name, key in meant.items())
            if statement is None or statement.key not in known or clash:
                unknown.append(located.source.partition("\n")[0])
                continue
            statements.setdefault(statement.key, known[statement.key])
            rests_on.update(meant)
    explains = {number for told in statements.values() for number in told.explains}
    return Linked(
        statements=tuple(statements),
        rests_on=rests_on,
        told=tuple(told.status for told in statements.values()),
        explains=tuple(sorted(explains)),
        unknown=tuple(unknown),
    )
