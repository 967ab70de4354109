"""Laws suggested by terms that had equal values at every public point."""

from __future__ import annotations

from collections.abc import Sequence

from agents.explorer.calling import Kind
from agents.explorer.find import Find
from agents.explorer.pool import Piece
from agents.explorer.signatures import Signature
from relay.errors import NotationError
from relay.notation import Scope, read_statement

Equal = tuple[Signature, Kind, Piece, Piece]


def conjectures(equals: Sequence[Equal], scope: Scope, largest: int, wanted: int) -> list[Find]:
    """Claims, shortest first, one for each set of definitions that it is about."""
    shortest: dict[tuple[str, ...], tuple[int, str]] = {}
    for signature, _, one, other in equals:
        if not signature.names or one.uses | other.uses != frozenset(range(len(signature.names))):
            continue
        called = tuple(sorted((*one.calls, *other.calls)))
        nodes = one.nodes + other.nodes + 1
        if len(called) < 2 or nodes > largest:
            continue  # about one call alone: a definition spelt out, more often than not
        source = f"claim {signature.header('').removesuffix(' -> ')}: {one.text} == {other.text}"
        shortest[called] = min(shortest.get(called, (nodes, source)), (nodes, source))
    finds: list[Find] = []
    for _, source in sorted(shortest.values()):
        if len(finds) == wanted:
            break
        try:
            read_statement(source, scope)
        except NotationError:
            continue
        finds.append(Find(source, "", 0.0))
    return finds
