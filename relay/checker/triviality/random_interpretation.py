"""One draw of the rule of random functions, cheap enough to come first.

By that rule (`relay.checker.triviality.trivial`), a claim is trivial only if it is true at every draw. So one draw at
which it is false shows that it is not trivial. Most claims about definitions are false if the defined names mean
something else. A draw at which the claim is true shows nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import shake_128
from typing import Any

from relay.checker.cases import Case
from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.plain_numbers import Residues
from relay.evaluation.algebra.scalars import Undefined
from relay.evaluation.compiled.codes import Names
from relay.evaluation.compiled.definitions import callee
from relay.evaluation.compiled.run import Run
from relay.evaluation.compiled.terms import code
from relay.evaluation.plain_values import Lst, Mat
from relay.evaluation.recursion_limit import deep
from relay.notation.syntax import (
    BoolType,
    Claim,
    Definition,
    ListType,
    MatrixType,
    NatType,
    Parameter,
    ScalarType,
    Type,
    VectorType,
)

PRIME = 2**31 - 1
ITEMS = 20_000
MOST_CELLS = 1_024
WORD = 8
"""Random bytes for one number. A scalar below `PRIME` needs 4; with 8, the number modulo `PRIME` is nearly uniform."""


def speaks_of_names(claim: Claim, case: Case, definitions: Mapping[str, Definition]) -> bool:
    """Whether the claim is false, at this case, when one draw of random functions replaces everything that it calls.
    Returns False if that draw gives no answer."""
    run = _Imagined(Residues(PRIME), definitions, ITEMS)
    run.seed = claim.key
    try:
        with deep():
            names = run.drawn(claim.parameters, case)
            if claim.hypothesis is not None and code(claim.hypothesis)(names, run) is not True:
                return False
            return code(claim.body)(names, run) is False
    except (Undefined, Undecidable, TooLarge, KeyError):
        return False


class _Imagined(Run):
    """A computation in which the value of every call is a hash of the callee and its arguments."""

    __slots__ = ("seed",)
    seed: str

    def call(self, key: str, args: Sequence[Any], names: Names) -> Any:
        self.left -= 1
        if self.left < 0:
            raise TooLarge("the items and calls allowed for one value")
        # `frame` checks the sizes of the arguments, as a real call would
        target = callee(key, names, self)
        return self._value(target.definition.result, f"{key}:{list(args)}", target.frame(args, self))

    def drawn(self, parameters: Sequence[Parameter], case: Case) -> Names:
        """Returns random values for the parameters."""
        names: Names = {d.name: value for d, value in case.items() if d.kind != "length"}
        lengths = {(d.name, d.level): value for d, value in case.items() if d.kind == "length"}
        for parameter in parameters:
            if isinstance(parameter.type, NatType):
                continue
            names[parameter.name] = self._parameter(parameter.type, parameter.name, 0, lengths, names)
        return names

    def _parameter(
        self, type_: Type, name: str, level: int, lengths: Mapping[tuple[str, int], int], names: Names
    ) -> Any:
        if not isinstance(type_, ListType):
            return self._value(type_, f"parameter:{name}", names)
        outer = name.partition("[")[0]
        items = [
            self._parameter(type_.item, f"{name}[{k}]", level + 1, lengths, names) for k in range(lengths[outer, level])
        ]
        return Lst(items, self._sizes(type_, names))

    def _sizes(self, type_: Type, names: Names) -> tuple[int, ...]:
        if isinstance(type_, ListType):
            return self._sizes(type_.item, names)
        if isinstance(type_, VectorType):
            return (code(type_.size)(names, self),)
        if isinstance(type_, MatrixType):
            return (code(type_.rows)(names, self), code(type_.columns)(names, self))
        return ()

    def _value(self, type_: Type, text: str, names: Names) -> Any:
        """Returns a value of a type, computed from a hash of the text."""
        if isinstance(type_, NatType):
            return self._numbers(text, 1)[0] % 4  # small: it may become a size or an index
        if isinstance(type_, BoolType):
            return self._numbers(text, 1)[0] % 2 == 1
        if isinstance(type_, ScalarType):
            return self._numbers(text, 1)[0] % PRIME
        sizes = self._sizes(type_, names)
        if isinstance(type_, VectorType):
            return tuple(n % PRIME for n in self._numbers(text, sizes[0]))
        if isinstance(type_, MatrixType):
            return Mat(sizes[0], sizes[1], [n % PRIME for n in self._numbers(text, sizes[0] * sizes[1])])
        if not isinstance(type_, ListType):
            raise Undecidable("functions are not drawn here")
        # one length for each callee: `text` begins with its key
        length = 1 + self._numbers(text.partition(":")[0], 1)[0] % 3
        return Lst([self._value(type_.item, f"{text}[{k}]", names) for k in range(length)], sizes)

    def _numbers(self, text: str, count: int) -> list[int]:
        if count > MOST_CELLS:  # sizes in a result type may be huge
            raise TooLarge("room for a random value")
        stream = shake_128(f"{self.seed}:{text}".encode()).digest(WORD * count)
        return [int.from_bytes(stream[WORD * k : WORD * (k + 1)], "big") for k in range(count)]
