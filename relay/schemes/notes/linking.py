"""Finds the statements in the text of a note, as their author reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from relay.errors import NotationError
from relay.notation import fences, mentioned_names, split_statements
from relay.notation.statement_reader import StatementReader
from relay.notation.syntax import Definition
from relay.schemes.notes.scheme import Linked


def close_fences(text: str) -> str:
    """`text`, with its last fence closed if it was left open. An open fence would swallow everything shown after the
    text."""
    marks = max((len(run) for run in re.findall(r"`{3,}|~{3,}", text)), default=3)
    # A fence appended after the text is found only if the text leaves no fence open.
    probe = "\n```relay\n\n```"
    for closing in ("", "\n" + "`" * marks, "\n" + "~" * marks):
        if len(fences(text + closing + probe)) == len(fences(text + closing)) + 1:
            return text + closing
    # neither mark closes it, so the text gets no fences at all
    return text.replace("```", "'''").replace("~~~", "---")


@dataclass
class KnownStatement:
    """What an author knows of a statement that it stated or could read: what was reported about it."""

    status: str = ""
    explains: tuple[int, ...] = field(default=())


def link(
    text: str,
    reader: StatementReader,
    names: Mapping[str, str],
    definitions: Mapping[str, Definition],
    known: Mapping[str, KnownStatement],
) -> Linked:
    """The statements in the fences of a text, as their author reads them.

    `names` maps the author's names to keys, `definitions` maps keys to definitions, and `known` has the keys of all
    statements that the author stated or could read. Any other statement stays plain text. So does a statement that
    would give a name of the note a second meaning: a key does not cover a definition's own name, so another author
    could reuse the name.
    """
    statements: dict[str, KnownStatement] = {}
    rests_on: dict[str, str] = {}
    unknown: list[str] = []
    for fence in fences(text):
        for located in split_statements(fence.body):
            # Only what it calls is in scope: a variable may be spelt like something defined since.
            called = {
                name: definitions[names[name]]
                for name in sorted(mentioned_names(located.source))
                if name in names and names[name] in definitions
            }
            try:
                statement = reader.reread(located.source, called)
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
