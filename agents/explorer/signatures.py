"""Signatures: the families of parameters that a search over scalars and arrays examines, and their text.

The list is fixed. It holds common choices of up to four parameters that share sizes, small choices first. Nothing here
depends on the concepts of a task.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from relay.researcher.bench import Shape


@dataclass(frozen=True, slots=True)
class SearchSignature:
    """Parameters, each with a name and a shape. A signature without names has one parameter, the size `n`."""

    names: tuple[str, ...]
    shapes: tuple[Shape, ...]

    @property
    def sizes(self) -> tuple[str, ...]:
        """The size names, sorted; `n` if there are none."""
        return tuple(sorted({size for shape in self.shapes for size in shape})) or ("n",)

    def header(self, result: str) -> str:
        """Return `(PARAMETERS) -> RESULT`, the header of a definition without its name."""
        parameters = [f"{name}: {type_text(shape)}" for name, shape in zip(self.names, self.shapes, strict=True)]
        return f"({', '.join(parameters) or 'n: Nat'}) -> {result}"


def type_text(shape: Shape) -> str:
    """Return the type of values of this `shape` as text, such as `Matrix[m, n]`."""
    return ("Scalar", "Vector", "Matrix")[len(shape)] + (f"[{', '.join(shape)}]" if shape else "")


def signatures() -> tuple[SearchSignature, ...]:
    """Return all signatures, in a fixed order."""
    s: Shape = ()
    v, w, square, wide, tall = ("n",), ("m",), ("n", "n"), ("m", "n"), ("l", "m")
    families: list[Sequence[Shape]] = [
        [], [v], [square], [wide], [s, v], [s, square], [s, wide], [v, v], [w, v], [square, v], [wide, v], [wide, w],
        [square, square], [wide, wide], [tall, wide], [v, v, v], [square, v, v], [wide, v, w], [square, s, v],
        [square, square, square], [square, square, v], [s, s, s, s],
    ]  # fmt: skip
    return tuple(signature_of(shapes) for shapes in families)


def signature_of(shapes: Sequence[Shape]) -> SearchSignature:
    """Return the signature whose parameters have these shapes, in order, and the usual names."""
    return SearchSignature(_names(shapes), tuple(shapes))


def _names(shapes: Sequence[Shape]) -> tuple[str, ...]:
    names, free = [], {0: list("abcd"), 1: list("uvwxyz"), 2: list("ABCDEF")}
    for shape in shapes:
        names.append(free[len(shape)].pop(0))
    return tuple(names)
