"""The nodes of the parse tree, with positions, not yet checked for names or types.

Lark builds a `Raw` at each reduction, bottom up, so no step recurses on the text. Each node keeps its depth, which is
checked when the node is built: code that walks the finished tree may recurse.
"""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token

from relay.errors import NotationError

__all__ = ["NESTING", "Raw", "build"]

NESTING = 40
"""The deepest nesting of a statement: of its brackets as written, and of operators, calls and folds in its tree."""

_SERIES = frozenset({"terms", "clauses", "parameters", "chain"})
"""Kinds that are left recursive in the grammar and one flat node in the tree."""

_INSIDE = frozenset({"terms", "clauses"})
"""Series whose nodes count as nodes of their parent."""

_FRAME = frozenset({"definition", "claim", "parameter", "generator", "condition", "items", "values"}) | _SERIES
"""Kinds that put no term inside another. They do not count as nesting, except for a chain of comparisons."""


class Raw:
    """One reduction: its kind (the alias in the grammar), its children, and the token where its errors are reported."""

    __slots__ = ("children", "depth", "kind", "token")

    def __init__(self, kind: str, children: Sequence[Token | Raw | None]) -> None:
        self.kind = kind
        self.children: list[Token | Raw | None] = []
        self.depth = 0
        self.token: Token | None = None
        """The first token of the node itself, such as an operator; without one, the first token inside."""
        if kind in _FRAME:
            self.extend(children)
            return
        depth, inner = 0, None
        for child in children:
            if isinstance(child, Raw):
                if child.depth > depth:
                    depth = child.depth
                inner = inner or child.token
            elif self.token is None:
                self.token = child
        self.children += children
        self.token = self.token or inner
        self._deepen(depth + 1)

    def extend(self, children: Sequence[Token | Raw | None]) -> None:
        """Append children. This is how a series grows while it is read."""
        self.children.extend(children)
        depth, inner = self.depth, None
        for child in children:
            if isinstance(child, Raw):
                depth = max(depth, child.depth)
                inner = inner or child.token
            elif self.token is None:
                self.token = child
        self.token = self.token or inner
        # Elaboration makes nested `and`s of a chain of comparisons, one level a link.
        self._deepen(depth + (self.kind == "chain"))

    def _deepen(self, depth: int) -> None:
        self.depth = depth
        if depth > NESTING:
            raise self.error(
                f"terms nest deeper than {NESTING}; move a part into a definition of its own, or write a long chain "
                "of one operator as `sum`, `prod`, `all` or `any`"
            )

    @property
    def text(self) -> str:
        """The text of the node's token."""
        return "" if self.token is None else str(self.token)

    @property
    def nodes(self) -> tuple[Raw, ...]:
        """The children that are nodes. A series of terms or clauses is replaced by its own nodes."""
        nodes: list[Raw] = []
        for child in self.children:
            if isinstance(child, Raw):
                if child.kind in _INSIDE:
                    nodes += child.nodes
                else:
                    nodes.append(child)
        return tuple(nodes)

    def word(self, index: int) -> str:
        """The text of the child at `index`, which is a token."""
        return str(self.children[index])

    def error(self, message: str) -> NotationError:
        """An error at this node's position."""
        line = getattr(self.token, "line", None) or 1
        column = getattr(self.token, "column", None) or 1
        return NotationError(message, line=line, column=column)


def build(kind: str, children: Sequence[Token | Raw | None]) -> Raw:
    """The node for one reduction. If a series continues, it is extended in place, so a long one takes linear time."""
    if kind == "more":
        series = children[0]
        assert isinstance(series, Raw)
        series.extend(children[1:])
        return series
    return Raw(str(kind), children)
