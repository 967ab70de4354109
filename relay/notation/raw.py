"""What the parser yields: small located nodes, not yet checked for names or types.

`Raw` is the tree class that Lark builds on each reduction, bottom up, so that no step recurses on the text. Depth is
kept in the nodes and bounded as they are built.
"""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token

from relay.errors import NotationError

__all__ = ["NESTING", "Raw"]

NESTING = 40
"""Deepest nesting of a statement: of brackets, and of operators, calls and brackets in the tree of a term."""

_FRAME = frozenset({"definition", "claim", "parameters", "parameter", "generator", "condition", "items", "values"})
"""Kinds that put no term inside another; they don't count as nesting."""


class Raw:
    """One reduction: its kind (the alias in the grammar), its children, and the token that it is reported at."""

    __slots__ = ("children", "depth", "kind", "token")

    def __init__(self, kind: str, children: Sequence[Token | Raw | None]) -> None:
        depth = 0
        first: Raw | None = None
        token: Token | None = None
        for child in children:
            if isinstance(child, Raw):
                depth = max(depth, child.depth)
                first = first or child
            elif child is not None and token is None:
                token = child
        if token is None and first is not None:
            token = first.token
        self.kind = str(kind)
        self.children = children
        # A chain of comparisons becomes a nest of `and`, one level each.
        self.depth: int = depth + (0 if kind in _FRAME else len(children) // 2 if kind == "comparison" else 1)
        self.token: Token | None = token
        """An operator's own token; else the first token inside."""
        if self.depth > NESTING:
            raise self.error(
                f"terms nest deeper than {NESTING}; name a part with a definition of its own, or write a long chain "
                "of one operator as `sum`, `prod`, `all` or `any`"
            )

    @property
    def text(self) -> str:
        """The text of the token that the node is reported at."""
        return "" if self.token is None else str(self.token)

    @property
    def nodes(self) -> tuple[Raw, ...]:
        """The children that are nodes."""
        return tuple(child for child in self.children if isinstance(child, Raw))

    def word(self, index: int) -> str:
        """The text of the child at `index`, which is a token."""
        return str(self.children[index])

    def error(self, message: str) -> NotationError:
        """An error at this node's position."""
        line = getattr(self.token, "line", None) or 1
        column = getattr(self.token, "column", None) or 1
        return NotationError(message, line=line, column=column)
