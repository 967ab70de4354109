"""Function values made by partial application: of definitions and given operations, and of other function values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra
from relay.evaluation.application import apply_function
from relay.evaluation.calls import invoke
from relay.evaluation.hashing import mix_value, number
from relay.evaluation.values import FunctionValue, Index, Size, Target, Value, take
from relay.notation.syntax import Definition, FnType


@dataclass(frozen=True, slots=True, eq=False)
class Closure(Target):
    """Functions made by fixing the first arguments of a definition, or of a given operation if `definition` is None.

    In function number r, the fixed arguments are those in lane r of `captured`.
    """

    name: str
    key: str
    definition: Definition | None
    captured: tuple[Value, ...]

    def apply(
        self, machine: Any, rows: Index, args: Sequence[Value], kind: FnType, sizes: Sequence[Size], depth: int,
        lanes: Any,
    ) -> Value:  # fmt: skip
        slots = [(value, lanes) for value in (*(take(value, rows) for value in self.captured), *args)]
        return invoke(machine, self.key, self.definition, slots, kind.result, depth, lanes)

    def words(self, rows: Index, model: Algebra) -> NDArray[np.uint64]:
        mixed = np.full(len(rows), number(self.key), dtype=np.uint64)
        for value in self.captured:
            mixed = mix_value(mixed, take(value, rows), len(rows), model)
        return mixed

    def show(self, row: int, kind: FnType, model: Algebra) -> str:
        return self.name


@dataclass(frozen=True, slots=True, eq=False)
class Curried(Target):
    """Functions made by fixing the first arguments of function values of type `kind`.

    Function number r is the function in lane r of `function`; its fixed arguments are those in lane r of `captured`.
    """

    function: FunctionValue
    kind: FnType
    captured: tuple[Value, ...]

    def apply(
        self, machine: Any, rows: Index, args: Sequence[Value], kind: FnType, sizes: Sequence[Size], depth: int,
        lanes: Any,
    ) -> Value:  # fmt: skip
        given = [*(take(value, rows) for value in self.captured), *args]
        return apply_function(machine, self.function, rows, given, self.kind, depth, lanes)

    def words(self, rows: Index, model: Algebra) -> NDArray[np.uint64]:
        mixed = mix_value(np.zeros(len(rows), dtype=np.uint64), take(self.function, rows), len(rows), model)
        for value in self.captured:
            mixed = mix_value(mixed, take(value, rows), len(rows), model)
        return mixed

    def show(self, row: int, kind: FnType, model: Algebra) -> str:
        inner = self.function
        at = np.ravel(inner.which)[row], np.ravel(inner.row)[row]
        return f"({inner.targets[int(at[0])].show(int(at[1]), self.kind, model)})(...)"
