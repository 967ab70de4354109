"""Names for parameters, sizes and bound variables. Each stands for one type, and has a mark that says that it is bound.

A grammar can't look up the declared type of a name, so the name itself has to show it. The choice follows the habits of
mathematicians: `A` is a matrix, `v` a vector, `x` a number, `k` and `i` count.
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
"""Type without sizes -> names of parameters, and names of generator variables."""

SORT = (("x", "y", "z", "w"), ("a", "b", "c"))
"""Names of parameters and of generator variables for a task's first sort. For further sorts a number is appended."""

SIZES = ("n", "m", "l")
"""Names of sizes. In a term a size is a Nat."""


@dataclass(frozen=True)
class Name:
    """A name, the type that it stands for, and its mark."""

    text: str
    type: str
    mark: int
    """A power of two that no other name has."""
    bound: bool = False
    """Whether a generator binds it. If not, the header of a statement does."""


class Names:
    """The names that a grammar uses, and their marks."""

    def __init__(self, types: Collection[str], sorts: Collection[str], taken: Collection[str]) -> None:
        """Choose names for `types` and `sorts`. The names `taken` can be called, so they are left out."""
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
        # Without arrays there are no sizes.
        if "Vector" in types:
            self.sizes = [Name(text, "Nat", self.mark()) for text in SIZES if text not in taken]

    def mark(self) -> int:
        """Reserve a mark that is not in use yet, and return it."""
        self._next += 1
        return 1 << (self._next - 1)

    def has(self, type: str) -> int:
        """The mark that says that some name of a type is bound."""
        if type not in self._has:
            self._has[type] = self.mark()
        return self._has[type]

    def _add(self, type: str, parameters: Collection[str], generators: Collection[str], taken: Collection[str]) -> None:
        self.parameters += [Name(text, type, self.mark()) for text in parameters if text not in taken]
        self.generators += [Name(text, type, self.mark(), bound=True) for text in generators if text not in taken]

    @property
    def every(self) -> tuple[Name, ...]:
        """All names."""
        return (*self.parameters, *self.generators, *self.sizes)
