"""The library: the definitions whose source a researcher reads in its inheritance, and on which it can build.

They are read with the notation's reader from the fences of the notes and of inherited messages, from the statements in
inherited answers, and from notes opened in this tenure. Statements of the researcher's own tenure are not part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agents.explorer.answers import sources_of
from relay.errors import NotationError
from relay.notation import Scope, fences, read_statement, split_statements
from relay.notation.syntax import Claim, Definition
from relay.records.reply_data import OpenedData
from relay.researcher.observation import TenureView

Library = tuple[tuple[str, Definition], ...]


def read_library(view: TenureView) -> Library:
    """Return all readable definitions with their names, each once, in the order of first appearance."""
    waiting = list(dict.fromkeys(_sources(view)))
    scope = Scope(view.observation.given)
    place = {source: at for at, source in enumerate(waiting)}
    read: dict[int, Definition] = {}
    known: set[str] = set()
    # A definition may stand before the ones that it calls: read in rounds, until a round reads nothing new.
    while True:
        left = []
        for source in waiting:
            try:
                statement = read_statement(source, scope)
            except NotationError:
                left.append(source)
                continue
            if isinstance(statement, Definition) and statement.key not in known:
                known.add(statement.key)
                read[place[source]] = statement
                scope = scope.adding(statement)
        if len(left) == len(waiting):
            break
        waiting = left
    return tuple((read[at].name, read[at]) for at in sorted(read))


def read_found(view: TenureView, sources: Iterable[str], library: Library) -> Library:
    """Return the definitions among `sources` that are not in `library`, with their names.

    `sources` are statements of this tenure. They may call definitions of `library` and definitions before them.
    """
    scope = Scope(view.observation.given, dict(library))
    known = {definition.key for _, definition in library}
    found: dict[str, Definition] = {}
    for source in sources:
        try:
            statement = read_statement(source, scope)
        except NotationError:
            continue
        if isinstance(statement, Definition) and statement.key not in known:
            known.add(statement.key)
            found[statement.name] = statement
            scope = scope.adding(statement)
    return tuple(found.items())


def read_claims(view: TenureView, sources: Iterable[str], library: Library) -> tuple[Claim, ...]:
    """Return the claims among `sources`, which are statements of this tenure and may call definitions of `library`."""
    scope = Scope(view.observation.given, dict(library))
    claims = []
    for source in sources:
        try:
            statement = read_statement(source, scope)
        except NotationError:
            continue
        if isinstance(statement, Claim):
            claims.append(statement)
    return tuple(claims)


def _sources(view: TenureView) -> Iterator[str]:
    inheritance = view.observation.inheritance
    for text in (inheritance.text, *(message.content for message in inheritance.messages)):
        for fence in fences(text):
            yield from (statement.source for statement in split_statements(fence.body))
    for message in inheritance.messages:
        if message.role == "assistant":
            yield from sources_of(message.content)
    for turn in view.turns:
        for reply in turn.replies:
            if isinstance(reply.data, OpenedData):
                for fence in fences(reply.data.text):
                    yield from (statement.source for statement in split_statements(fence.body))
