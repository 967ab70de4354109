"""Names for parameters, sizes and bound variables: each stands for one type, and has a mark that says it is bound.

A grammar can't know what a name was declared as, unless the name itself says so; mathematicians' habits do: `A` is a
matrix, `v` a vector, `x` a number, `k` and `i` count.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

__all__ = ["Name", "Names"]

HABITS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Nat": (("k", "p", "q", "r"), ("i", "j", "h")),
    "Scalar": (("x", "y", "z", "a", "b", "c"), ("s", "t")),
    "Vector": (("u", "v", "w"), ("e", "d")),
    "Matrix": (("A", "B", "C", "D"), ("M", "N")),
    "List[Nat]": (("ks",), ("g", "o")),
    "List[Scalar]": (("xs", "ys"), ()),
    "List[Vector]": (("us", "vs"), ()),
    "List[Matrix]": (("Ms",), ()),
    "Bool": (("P", "Q"), ()),
}
"""Type, sizes left out -> names of parameters, and of variables that a generator binds."""

SORT = (("x", "y", "z", "w"), ("a", "b", "c"))
"""The same for a task's sort, where there is one; further sorts get a number behind."""

SIZES = ("n", "m", "l")
"""Names of sizes, which are Nat too."""


@dataclass(frozen=True)
class Name:
    """A name, the type that it stands for, and its mark."""

    text: str
    type: str
    mark: int
    """A power of two."""
    bound: bool = False
    """Whether a generator binds it, and not the header of a statement."""


class Names:
    """The names of a grammar."""

    def __init__(self, types: Collection[str], sorts: Collection[str], taken: Collection[str]) -> None:
        """Names for `types` and `sorts`; `taken` can be called, and are left out."""
        self._next = 0
        self._has: dict[str, int] = {}
        self.parameters: list[Name] = []
        self.generators: list[Name] = []
        self.sizes: list[Name] = []
        for type, (parameters, generators) in HABITS.items():
            if type in types:
                self._add(type, parameters, generators, taken)
        for number, sort in enumerate(sorts):
            ends = "" if number == 0 else str(number)
            self._add(sort, [f"{name}{ends}" for name in SORT[0]], [f"{name}{ends}" for name in SORT[1]], taken)
        if "Vector" in types:
            self.sizes = [Name(text, "Nat", self.mark()) for text in SIZES if text not in taken]

    def mark(self) -> int:
        """A mark that nothing has yet."""
        self._next += 1
        return 1 << (self._next - 1)

    def has(self, type: str) -> int:
        """The mark that some name of a type is bound."""
        if type not in self._has:
            self._has[type] = self.mark()
        return self._has[type]

    def _add(self, type: str, parameters: Collection[str], generators: Collection[str], taken: Collection[str]) -> None:
        self.parameters += [Name(text, type, self.mark()) for text in parameters if text not in taken]
        self.generators += [Name(text, type, self.mark(), bound=True) for text in generators if text not in taken]

    @property
    def every(self) -> tuple[Name, ...]:
        """All of them."""
        return (*self.parameters, *self.generators, *self.sizes)
