"""Laws suggested by terms with equal values at every public point, and the definitions that laws make superfluous."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from agents.explorer.callables import Kind
from agents.explorer.find import Find
from agents.explorer.pool import Piece
from agents.explorer.signatures import SearchSignature
from relay.errors import NotationError
from relay.notation import Scope, read_statement
from relay.notation.syntax import Apply, Call, Claim, Term, Variable
from relay.notation.traversal import walk

Equal = tuple[SearchSignature, Kind, Piece, Piece]


def conjectures(equals: Sequence[Equal], scope: Scope, largest: int, wanted: int) -> list[Find]:
    """Return at most `wanted` claims, each that two terms of `equals` have equal values. The best come first.

    Claims that express one definition by others are better than all other claims. Apart from that, shorter claims are
    better. Of the claims that call the same definitions, only the best is returned.
    """
    shortest: dict[tuple[str, ...], tuple[bool, int, str]] = {}
    for signature, _, one, other in equals:
        if not signature.names or one.uses | other.uses != frozenset(range(len(signature.names))):
            continue
        called = tuple(sorted((*one.calls, *other.calls)))
        nodes = one.nodes + other.nodes + 1
        if len(called) < 2 or nodes > largest:
            continue  # a law about one call is mostly a definition written out, not a discovery
        source = f"claim {signature.header('').removesuffix(' -> ')}: {one.text} == {other.text}"
        # A law is most useful if one side is a call that the other side does not use: it replaces that definition.
        says = any(a.plain and a.calls[0] not in b.calls for a, b in ((one, other), (other, one)))
        claim = (not says, nodes, source)
        shortest[called] = min(shortest.get(called, claim), claim)
    finds: list[Find] = []
    for _, _, source in sorted(shortest.values()):
        if len(finds) == wanted:
            break
        try:
            read_statement(source, scope)
        except NotationError:
            continue
        finds.append(Find(source, "", 0.0))
    return finds


def said_by_others(claim: Claim) -> Iterator[tuple[str, frozenset[str]]]:
    """For each definition that the true `claim` expresses by others, yield its key and the keys of the others."""
    body = claim.body
    if claim.hypothesis is not None or not isinstance(body, Apply) or body.op != "eq":
        return
    for side, other in permutations(body.args):
        if isinstance(side, Call) and _plain(side.args, claim):
            others = frozenset(term.key for term in walk(other) if isinstance(term, Call))
            if others and side.key not in others:
                yield side.key, others


def _plain(args: tuple[Term, ...], claim: Claim) -> bool:
    """Whether `args` are the parameters of `claim`, each exactly once."""
    names = [arg.name for arg in args if isinstance(arg, Variable)]
    return len(names) == len(args) and sorted(names) == sorted(parameter.name for parameter in claim.parameters)
