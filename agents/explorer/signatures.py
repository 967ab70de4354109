"""Families of parameters that a search over scalars and arrays looks at, and how they are spelt.

Every way to give one, two or three parameters that share sizes, up to renaming, small ones first; nothing here knows
which of them matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from relay.researcher.bench import Shape


@dataclass(frozen=True, slots=True)
class SearchSignature:
    """Parameters by name and shape; without any, the size `n` is itself the parameter."""

    names: tuple[str, ...]
    shapes: tuple[Shape, ...]

    @property
    def sizes(self) -> tuple[str, ...]:
        """Size names, sorted."""
        return tuple(sorted({size for shape in self.shapes for size in shape})) or ("n",)

    def header(self, result: str) -> str:
        """`(PARAMETERS) -> RESULT`."""
        parameters = [f"{name}: {type_text(shape)}" for name, shape in zip(self.names, self.shapes, strict=True)]
        return f"({', '.join(parameters) or 'n: Nat'}) -> {result}"


def type_text(shape: Shape) -> str:
    """The type of arrays of a shape."""
    return ("Scalar", "Vector", "Matrix")[len(shape)] + (f"[{', '.join(shape)}]" if shape else "")


def signatures() -> tuple[SearchSignature, ...]:
    """All families, in a fixed order."""
    s: Shape = ()
    v, w, square, wide, tall = ("n",), ("m",), ("n", "n"), ("m", "n"), ("l", "m")
    families: list[Sequence[Shape]] = [
        [], [v], [square], [wide], [s, v], [s, square], [s, wide], [v, v], [w, v], [square, v], [wide, v], [wide, w],
        [square, square], [wide, wide], [tall, wide], [v, v, v], [square, v, v], [wide, v, w], [square, s, v],
        [square, square, square], [square, square, v], [s, s, s, s],
    ]  # fmt: skip
    return tuple(signature_of(shapes) for shapes in families)


def signature_of(shapes: Sequence[Shape]) -> SearchSignature:
    """Parameters of these shapes, named."""
    return SearchSignature(_names(shapes), tuple(shapes))


def _names(shapes: Sequence[Shape]) -> tuple[str, ...]:
    names, free = [], {0: list("abcd"), 1: list("uvwxyz"), 2: list("ABCDEF")}
    for shape in shapes:
        names.append(free[len(shape)].pop(0))
    return tuple(names)
