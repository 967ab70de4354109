"""Reads printed counterexamples back. The text that people see is what the lanes have to confirm."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from relay.checker.referee.cases import Case
from relay.notation.syntax import BoolType, Claim, ListType, MatrixType, NatType, Type, VectorType
from tests.checker.referee.brute import sizes_of
from tests.evaluation.naive import RATIONALS, Field, Lst, Mat, Vec, prime, table

_PRIME_POWERS = {2: (2, 1), 3: (3, 1), 4: (2, 2), 5: (5, 1), 7: (7, 1), 8: (2, 3), 9: (3, 2), 11: (11, 1), 13: (13, 1)}

_FINITE = re.compile(r"GF\((\d+)\)( with the identity as conj)?")


@dataclass(frozen=True)
class Shown:
    """A printed counterexample: the field's name, the naive evaluator's field, and the values by name."""

    name: str
    field: Field
    names: Mapping[str, Any]
    case: Case
    scalars: tuple[Any, ...]
    """The scalars of all parameters, in order."""
    truths: tuple[bool, ...]
    naturals: tuple[int, ...]
    """The items of lists of naturals."""


@cache
def field_of(name: str) -> Field | None:
    """Return the field of that name; None if the name does not determine the field."""
    if name == "Q":
        return RATIONALS
    told = _FINITE.fullmatch(name)
    if told is None or int(told[1]) not in _PRIME_POWERS:
        return None
    p, k = _PRIME_POWERS[int(told[1])]
    return prime(p) if k == 1 else table(p, k, involution=not told[2])


def read_shown(claim: Claim, text: str) -> Shown | None:
    """Return the values of a printed counterexample; None if the text does not determine its field."""
    head, _, rest = text.partition(" (in ")
    finite = _FINITE.match(rest)
    name = finite[0] if finite else rest.partition(")")[0]
    field = field_of(name)
    if field is None:
        return None
    found = dict(part.split(" = ", 1) for part in _split(head) if " = " in part)
    numbers = {size: int(found[size]) for size in claim.sizes}
    numbers |= {p.name: int(found[p.name]) for p in claim.parameters if isinstance(p.type, NatType)}
    scalar = _rational if finite is None else _element(_PRIME_POWERS[int(finite[1])][0])
    raw = {p.name: _nested(found[p.name]) for p in claim.parameters if p.name not in numbers}
    lengths = {p.name: _lengths(p.type, raw[p.name]) for p in claim.parameters if isinstance(p.type, ListType)}
    partial = {**numbers, **{name: Lst((0,) * its[0]) for name, its in lengths.items()}}
    names: dict[str, Any] = dict(numbers)
    leaves: dict[str, list[Any]] = {"scalar": [], "truth": [], "natural": []}
    for parameter in claim.parameters:
        if parameter.name in raw:
            sizes = sizes_of(parameter.type, partial)
            assert sizes is not None, text
            names[parameter.name] = _typed(parameter.type, raw[parameter.name], sizes, scalar, leaves)
    return Shown(
        name, field, names, Case(numbers, lengths), tuple(leaves["scalar"]), tuple(leaves["truth"]),
        tuple(leaves["natural"]),
    )  # fmt: skip


def _split(text: str) -> Iterator[str]:
    """Return the parts between commas outside of brackets."""
    depth, start = 0, 0
    for k, character in enumerate(text):
        depth += (character == "[") - (character == "]")
        if character == "," and depth == 0:
            yield text[start:k].strip()
            start = k + 1
    yield text[start:].strip()


def _nested(text: str) -> Any:
    if not text.startswith("["):
        return text
    inside = text[1:-1].strip()
    return [_nested(part) for part in _split(inside)] if inside else []


def _lengths(type_: Type, raw: Any) -> tuple[int, ...]:
    lengths: list[int] = []
    while isinstance(type_, ListType):
        lengths.append(0 if raw is None else len(raw))
        raw, type_ = (raw[0] if raw else None), type_.item
    return tuple(lengths)


def _typed(type_: Type, raw: Any, sizes: tuple[int, ...], scalar: Callable[[str], Any], leaves: Any) -> Any:
    if isinstance(type_, ListType):
        return Lst(tuple(_typed(type_.item, item, sizes, scalar, leaves) for item in raw), sizes)
    if isinstance(type_, VectorType):
        return Vec(tuple(_leaf(leaves, "scalar", scalar(x)) for x in raw))
    if isinstance(type_, MatrixType):
        rows = tuple(tuple(_leaf(leaves, "scalar", scalar(x)) for x in row) for row in raw)
        return Mat(sizes[0], sizes[1], rows)
    if isinstance(type_, NatType):
        return _leaf(leaves, "natural", int(raw))
    if isinstance(type_, BoolType):
        return _leaf(leaves, "truth", raw == "True")
    return _leaf(leaves, "scalar", scalar(raw))


def _leaf(leaves: Any, kind: str, value: Any) -> Any:
    leaves[kind].append(value)
    return value


def _rational(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(int(above), int(below or 1))


def _element(p: int) -> Callable[[str], int]:
    """Return a function that reads elements printed as polynomials in t, and returns their codes."""

    def read(text: str) -> int:
        code = 0
        for part in text.split(" + "):
            digit, _, unit = part.rpartition("*") if "*" in part else ("", "", part)
            if not unit.startswith("t"):
                code += int(unit)
                continue
            code += int(digit or 1) * p ** int(unit.partition("^")[2] or 1)
        return code

    return read
