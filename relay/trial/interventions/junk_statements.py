"""Statements of no use: random definitions, and claims that look like laws.

They are made over what the task gives, so a researcher can't tell them from honest tries by their words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from relay.notation.scope import RESERVED
from relay.notation.syntax import Definition, SortType
from relay.records.task import Given

__all__ = ["Binary", "binaries", "fresh_name", "random_claim", "random_definition"]

LAWS = (
    "{f}(x, y) == {f}(y, x)",
    "{f}(x, x) == x",
    "{f}(x, {f}(x, y)) == y",
    "{f}({f}(x, y), y) == x",
    "{f}(x, {g}(x, y)) == {g}(x, y)",
    "{f}(x, y) == {g}(x, y)",
    "{f}(x, y) == {g}(y, x)",
    "{f}(x, {f}(y, z)) == {f}({f}(x, y), z)",
    "{f}(x, {g}(y, z)) == {g}({f}(x, y), {f}(x, z))",
    "{f}({f}(x, y), z) == {f}({f}(x, z), y)",
)
"""What functions of two arguments are often tried for: to be commutative, idempotent, associative, distributive, ..."""

CONSONANTS, VOWELS = "bdfghklmnprstvz", "aeiou"


@dataclass(frozen=True)
class Binary:
    """A function of two arguments of one type, with a value of this type."""

    name: str
    type: str
    definition: Definition | None = None
    """None for an operation that the task gives."""


def binaries(given: Given, definitions: Sequence[Definition]) -> list[Binary]:
    """The operations that a task gives, and the definitions, that are functions of this kind."""
    found = [
        Binary(each.name, each.result) for each in given.operations if each.parameters == (each.result, each.result)
    ]
    for each in definitions:
        types = [*(parameter.type for parameter in each.parameters), each.result]
        if len(types) == 3 and isinstance(each.result, SortType) and all(one == each.result for one in types):
            found.append(Binary(each.name, each.result.name, each))
    return found


def fresh_name(rng: np.random.Generator, taken: set[str]) -> str:
    """A pronounceable name that is not in `taken`, and is put there."""
    while True:
        letters = [*CONSONANTS][int(rng.integers(len(CONSONANTS)))], VOWELS[int(rng.integers(len(VOWELS)))]
        more = [*CONSONANTS][int(rng.integers(len(CONSONANTS)))], VOWELS[int(rng.integers(len(VOWELS)))]
        name = "".join((*letters, *more, CONSONANTS[int(rng.integers(len(CONSONANTS)))]))
        if name not in taken and name not in RESERVED:
            taken.add(name)
            return name


def random_definition(given: Given, rng: np.random.Generator, name: str, calls: int) -> str | None:
    """The source of a definition of two parameters, whose term has so many calls or operations; None if the task gives
    nothing that it could be made of."""
    sorts = sorted({each.result for each in given.operations if set(each.parameters) == {each.result}})
    if not sorts and not given.scalars:
        return None
    kind = sorts[int(rng.integers(len(sorts)))] if sorts else "Scalar"
    operations = [
        (each.name, len(each.parameters))
        for each in given.operations
        if set(each.parameters) == {kind} and each.result == kind
    ]

    def term(size: int) -> str:
        if size == 0:
            return ("x", "y")[int(rng.integers(2))]
        if not operations:
            left = int(rng.integers(size))
            sign = "+-*"[int(rng.integers(3))]
            return f"({term(left)} {sign} {term(size - 1 - left) if size > 1 else int(rng.integers(2, 10))})"
        called, arity = operations[int(rng.integers(len(operations)))]
        sizes = [0] * arity
        for _ in range(size - 1):
            sizes[int(rng.integers(arity))] += 1
        return f"{called}({', '.join(map(term, sizes))})"

    return f"define {name}(x: {kind}, y: {kind}) -> {kind} = {term(calls)}"


def random_claim(functions: Sequence[Binary], rng: np.random.Generator) -> tuple[str, dict[str, Definition]] | None:
    """The source of a claim that states a law of one or two of the functions, and the definitions that it calls; None
    without functions."""
    if not functions:
        return None
    first = functions[int(rng.integers(len(functions)))]
    others = [each for each in functions if each.type == first.type and each is not first] or [first]
    second = others[int(rng.integers(len(others)))]
    law = LAWS[int(rng.integers(len(LAWS)))]
    used = [first, second] if "{g}" in law else [first]
    variables = ", ".join(f"{name}: {first.type}" for name in "xyz" if f"{name}" in law.replace("{", " "))
    called = {each.name: each.definition for each in used if each.definition is not None}
    return f"claim ({variables}): {law.format(f=first.name, g=second.name)}", called
