"""Comparison of the evaluator with the naive evaluator, lane by lane."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

import flint
import numpy as np

from relay.errors import NotationError
from relay.evaluation import EXHAUSTED, OK, UNDEFINED, call
from relay.evaluation.algebra import Algebra, GaloisField, PrimeField, Rationals
from relay.evaluation.recursion_limit import deep
from relay.notation import Scope, read_statement
from relay.notation.syntax import BoolType, Definition, FnType, ListType, MatrixType, NatType, Type, VectorType
from relay.notation.traversal import type_terms
from tests.evaluation.batches import Code, pack, unpack
from tests.evaluation.library import RANGING, SOURCE, by_key, read
from tests.evaluation.naive import RATIONALS, Exhausted, Field, Fun, Lst, Mat, Naive, Undefined, Vec, prime, table
from tests.evaluation.random_terms import KINDS, PARAMETERS, WITHOUT_FUNCTIONS, Terms


@dataclass(frozen=True)
class World:
    """A model, the naive field with the same arithmetic, and the scope of definitions."""

    model: Algebra
    field: Field
    scope: Scope
    code: Code
    plain: Code
    ranging: bool


PLAIN = read(SOURCE)
FULL = read(RANGING, PLAIN)


def _fraction(x: Any) -> Fraction:
    return Fraction(int(x.p), int(x.q)) if isinstance(x, flint.fmpq) else Fraction(int(x))


WORLDS = {
    "GF(2)": World(GaloisField(2, 1), prime(2), FULL, int, int, True),
    "GF(3)": World(PrimeField(3), prime(3), FULL, int, int, True),
    "GF(4)": World(GaloisField(2, 2), table(2, 2), FULL, int, int, True),
    "GF(10007)": World(PrimeField(10007), prime(10007), PLAIN, int, int, False),
    "Q": World(Rationals(), RATIONALS, PLAIN, lambda a: flint.fmpq(a.numerator, a.denominator), _fraction, False),
}


def draw(random: Random, world: World, type_: Type, sizes: dict[str, int]) -> Any:
    """Return a random plain value of a type."""

    def scalar() -> Any:
        elements = world.field.elements
        return random.choice(elements) if elements else world.field.number(random.randrange(4))

    if isinstance(type_, VectorType):
        return Vec(tuple(scalar() for _ in range(sizes[type_.size.name])))  # type: ignore[union-attr]
    if isinstance(type_, MatrixType):
        r, c = sizes[type_.rows.name], sizes[type_.columns.name]  # type: ignore[union-attr]
        return Mat(r, c, tuple(tuple(scalar() for _ in range(c)) for _ in range(r)))
    if isinstance(type_, ListType):
        items = tuple(draw(random, world, type_.item, sizes) for _ in range(random.randrange(4)))
        return Lst(items, _leaf(type_, sizes))
    if isinstance(type_, FnType):
        return _function(random, world, type_, sizes, scalar)
    name = type(type_).__name__
    return random.randrange(5) if name == "NatType" else random.random() < 0.5 if name == "BoolType" else scalar()


def _function(random: Random, world: World, type_: FnType, sizes: dict[str, int], scalar: Callable[[], Any]) -> Fun:
    """Return a random function: counting for naturals; otherwise a table if it is small, or an affine map.

    If the result is a truth value, an affine map becomes the predicate that it vanishes.
    """
    own = tuple(sizes[size.name] for size in type_terms(type_))  # type: ignore[union-attr]
    if isinstance(type_.parameters[0], NatType):
        start, step = random.randrange(3), random.randrange(3)
        if isinstance(type_.result, BoolType):
            return Fun(own, lambda args, around: args[0] % (step + 1) == start, ("count", start, step))
        return Fun(own, lambda args, around: start + step * args[0], ("count", start, step))
    add, mul, number = world.field.add, world.field.mul, world.field.number

    def flat(args: Sequence[Any]) -> list[Any]:
        kinds = zip(args, type_.parameters, strict=True)
        scalars = (number(arg) if isinstance(part, NatType) else arg for arg, part in kinds)
        return [x for arg in scalars for x in (arg.data if isinstance(arg, Vec) else [arg])]

    def wide(part: Type) -> int:
        return sizes[part.size.name] if isinstance(part, VectorType) else 1  # type: ignore[union-attr]

    n = sum(wide(part) for part in type_.parameters)
    q = len(world.field.elements)
    numbers = any(isinstance(part, NatType) for part in type_.parameters)
    if q and q**n <= 64 and not numbers and random.random() < 0.5:
        values = [draw(random, world, type_.result, sizes) for _ in range(q**n)]

        def look(args: list[Any], around: int) -> Any:
            place = 0
            for x in flat(args):
                place = place * q + x
            return values[place]

        return Fun(own, look, ("table", values))
    c = 2 if isinstance(type_.result, BoolType) else wide(type_.result)
    constant = tuple(scalar() for _ in range(c))
    linear = tuple(tuple(scalar() for _ in range(n)) for _ in range(c))

    def valued(args: list[Any], around: int) -> Any:
        found = list(constant)
        for k, line in enumerate(linear):
            for factor, x in zip(line, flat(args), strict=True):
                found[k] = add(found[k], mul(factor, x))
        if isinstance(type_.result, BoolType):
            return all(x == number(0) for x in found)
        return Vec(tuple(found)) if isinstance(type_.result, VectorType) else found[0]

    return Fun(own, valued, ("affine", constant, linear, n))


def _leaf(type_: Type, sizes: dict[str, int]) -> tuple[int, ...]:
    if isinstance(type_, ListType):
        return _leaf(type_.item, sizes)
    return (sizes[type_.size.name],) if isinstance(type_, VectorType) else ()  # type: ignore[union-attr]


def lanes_of(random: Random, world: World, definition: Definition, count: int) -> list[list[Any]]:
    """Return arguments for each lane; in most batches sizes differ by lane."""
    varied = random.random() < 0.6
    fixed = {name: random.randrange(4) for name in definition.sizes}
    rows = []
    for _ in range(count):
        sizes = {name: random.randrange(4) for name in definition.sizes} if varied else fixed
        rows.append([draw(random, world, p.type, sizes) for p in definition.parameters])
    return rows


def statement(random: Random, world: World, depth: int, functions: bool = True) -> Definition | None:
    """Return a random definition, or None if the random text is ill-typed."""
    kind = random.choice(sorted(kind for kind in set(KINDS.values()) if "Fn" not in kind))
    terms = Terms(random, ranging=world.ranging)
    body = terms.term(kind, depth, dict(KINDS))
    mentioned = set(re.findall(r"\w+", body))
    if not functions and any("Fn" in kind and name in mentioned for name, kind in KINDS.items()):
        return None
    parameters = PARAMETERS if functions else WITHOUT_FUNCTIONS
    sized = {"Vector": "Vector[n]", "Matrix": "Matrix[m, n]", "List[Vector]": "List[Vector[n]]",
             "List[List[Vector]]": "List[List[Vector[m]]]"}  # fmt: skip
    try:
        found = read_statement(f"define probed({parameters}) -> {sized.get(kind, kind)} = {body}", world.scope)
    except NotationError:
        return None
    assert isinstance(found, Definition)
    return found


def expected(world: World, definition: Definition, args: list[Any], fuel: int) -> tuple[int, Any, int]:
    """Return status, value and fuel of one lane as the naive evaluator computes them."""
    naive = Naive(world.field, by_key(world.scope), fuel)
    try:
        with deep():
            value = naive.call(definition, args)
    except Undefined:
        return UNDEFINED, None, naive.fuel
    except Exhausted:
        return EXHAUSTED, None, naive.fuel
    return OK, value, naive.fuel


def outcomes(
    world: World, definition: Definition, rows: list[list[Any]], fuel: int, ragged: bool
) -> list[tuple[int, Any, int]]:
    """Return status, value and fuel of each lane as the evaluator computes them."""
    columns = [
        pack(p.type, [row[n] for row in rows], world.model, world.code, ragged)
        for n, p in enumerate(definition.parameters)
    ]
    out = call(definition, columns, len(rows), world.model, by_key(world.scope), fuel)
    found = []
    for lane in range(len(rows)):
        status = int(out.status[lane])
        value = None
        if status == OK:
            assert out.value is not None
            compound = out.value if not isinstance(out.value, int | bool) else np.full(len(rows), out.value)
            value = unpack(compound, definition.result, lane, world.plain)
        found.append((status, value, int(out.fuel[lane])))
    return found


def sizes_too(value: Any) -> Any:
    """Return a value together with the sizes of its empty lists, which equality ignores."""
    if isinstance(value, Lst):
        return (tuple(sizes_too(item) for item in value.items), value.sizes)
    return value


def check(world: World, definition: Definition, rows: list[list[Any]], fuel: int, ragged: bool) -> Counter[int]:
    """Assert that both evaluators agree on every lane."""
    found = outcomes(world, definition, rows, fuel, ragged)
    statuses: Counter[int] = Counter()
    for lane, (args, (status, value, spent)) in enumerate(zip(rows, found, strict=True)):
        want_status, want, want_fuel = expected(world, definition, args, fuel)
        where = f"lane {lane} of {len(rows)}, fuel {fuel}\n{definition.source}\n{args}"
        assert status == want_status, f"status {status} for {want_status} (fuel {spent} for {want_fuel})\n{where}"
        statuses[status] += 1
        if status != EXHAUSTED:
            assert spent == want_fuel, f"fuel {spent} for {want_fuel}, status {status}\n{where}"
        if status == OK:
            assert sizes_too(value) == sizes_too(want), f"value {value} for {want}\n{where}"
    return statuses
