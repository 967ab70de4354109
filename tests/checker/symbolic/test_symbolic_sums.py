"""The arithmetic of sums keeps values: what is built through the algebra is valued beside what it was built from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

import pytest

from relay.checker.symbolic.monomials import Factor, Flip, Monomial
from relay.checker.symbolic.rewriting import RewriteRules
from relay.checker.symbolic.sizes import ONE, GiveUp, Size
from relay.checker.symbolic.sums import Sum, SumAlgebra
from relay.checker.symbolic.values import Zero
from tests.evaluation.naive import Field, prime, table

FIELDS = (prime(2), prime(5), table(3, 2))
N, M = Size.name("n"), Size.name("m")
DOMAINS = {"n": N, "m": M, "less": N - ONE}
At = Mapping[int, int]
"""Values of the free indices."""


@dataclass
class World:
    """Numbers for sizes, and arrays for symbols."""

    field: Field
    sizes: dict[str, int]
    arrays: dict[str, Any]

    def size(self, size: Size) -> int:
        total = 0
        for names, c in size.terms:
            for name in names:
                c *= self.sizes[name]
            total += c
        return total

    def power(self, base: Any, exponent: int) -> Any:
        result = self.field.number(1)
        for _ in range(exponent):
            result = self.field.mul(result, base)
        return result

    def factor(self, factor: Factor, at: At) -> Any:
        places = [at[i] if i >= 0 else -1 - i for i in factor.indices]
        if factor.kind == "entry":
            value = self.arrays[factor.head]
            for place in places:
                value = value[place]
            return self.field.conj(value) if factor.conj else value
        number = {
            "equal": lambda: int(places[0] == places[1]),
            "less": lambda: int(places[0] < places[1]),
            "index": lambda: places[0],
            "size": lambda: self.sizes[factor.head],
            "number": lambda: int(factor.head),
            "minus": lambda: -1,
        }[factor.kind]
        return self.field.number(number())

    def sum(self, s: Sum, algebra: SumAlgebra, at: At) -> Any:
        total = self.field.number(0)
        for c, monomial in s.values():
            for places in product(*(range(self.size(algebra.domains[b])) for b in monomial.bound)):
                inner = {**at, **dict(zip(monomial.bound, places, strict=True))}
                value = self.field.number(c)
                for factor, exponent in monomial.powers:
                    value = self.field.mul(value, self.power(self.factor(factor, inner), self.size(exponent)))
                total = self.field.add(total, value)
        return total


Meant = Callable[[World, At], Any]


class Builder:
    """Random sums, each with what it means."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.algebra = SumAlgebra(floors={"n": 1, "m": 1, "k": 0})
        self.algebra.flips = {"S": Flip(1, False), "K": Flip(-1, False), "H": Flip(1, True)}
        self.free = [self.algebra.indices.fresh(size) for size in (N, N, N, M, N - ONE)]

    def index(self, domain: Size = N) -> int:
        inside = [
            i for i in self.free
            if self.algebra.domains[i] == domain or (domain == N and self.algebra.domains[i] == N - ONE)
        ]  # fmt: skip
        return -1 if self.random.random() < 0.15 else self.random.choice(inside)

    def leaf(self) -> tuple[Sum, Meant]:
        kind = self.random.randrange(10)
        if kind < 4:
            head = self.random.choice("ABSKH")
            factor = Factor("entry", head, self.random.random() < 0.3, (self.index(), self.index()))
        elif kind == 4:
            factor = Factor("entry", "v", self.random.random() < 0.3, (self.index(M),))
        elif kind == 5:
            factor = Factor("entry", "x", self.random.random() < 0.3, ())
        elif kind == 6:
            factor = Factor("index", "", False, (self.index(),))
        else:
            factor = Factor("equal" if kind < 9 else "less", "", False, (self.index(), self.index()))
        return self.algebra.factor(factor), lambda world, at: world.factor(factor, at)

    def build(self, depth: int) -> tuple[Sum, Meant]:
        algebra, kind = self.algebra, self.random.randrange(9)
        if depth == 0 or kind == 0:
            return self.leaf()
        one, a = self.build(depth - 1)
        if kind in (1, 2, 3):
            two, b = self.build(depth - 1)
            if kind == 1:
                return algebra.add(one, two), lambda w, at: w.field.add(a(w, at), b(w, at))
            return algebra.mul(one, two), lambda w, at: w.field.mul(a(w, at), b(w, at))
        if kind == 4:
            return algebra.conj(one), lambda w, at: w.field.conj(a(w, at))
        if kind == 5:
            number = self.random.randint(-3, 3)
            return algebra.times(number, one), lambda w, at: w.field.mul(w.field.number(number), a(w, at))
        if kind == 6:
            old = self.random.choice(self.free)
            new = self.index(algebra.domains[old]) if algebra.domains[old] != N - ONE else old
            return algebra.put(one, {old: new}), lambda w, at: a(w, {**at, old: at[new] if new >= 0 else -1 - new})
        if kind == 7:
            exponent = self.random.choice((Size.constant(2), Size.name("k"), N, N - ONE))
            return algebra.pow(one, exponent), lambda w, at: w.power(a(w, at), w.size(exponent))
        index = self.random.choice(self.free)
        fresh = algebra.indices.fresh(algebra.domains[index])

        def over(w: World, at: At) -> Any:
            total = w.field.number(0)
            for place in range(w.size(algebra.domains[index])):
                total = w.field.add(total, a(w, {**at, index: place}))
            return total

        return algebra.over(algebra.put(one, {index: fresh}), fresh), over

    def world(self, field: Field) -> World:
        random = self.random
        n, m = random.choice(((1, 1), (1, 2), (2, 1), (2, 2), (3, 2), (2, 3)))
        elements = field.elements

        def entry() -> Any:
            return random.choice(elements)

        arrays: dict[str, Any] = {head: [[entry() for _ in range(n)] for _ in range(n)] for head in "ABSKH"}
        for i, j in product(range(n), repeat=2):
            if i < j:
                arrays["S"][j][i] = arrays["S"][i][j]
                arrays["K"][j][i] = field.neg(arrays["K"][i][j])
                arrays["H"][j][i] = field.conj(arrays["H"][i][j])
            elif i == j:
                if field.number(2) != field.number(0):
                    arrays["K"][i][i] = field.number(0)
                arrays["H"][i][i] = field.mul(entry_ := arrays["H"][i][i], field.conj(entry_))
        arrays["v"], arrays["x"] = [entry() for _ in range(m)], entry()
        return World(field, {"n": n, "m": m, "k": random.randint(0, 3)}, arrays)

    def places(self, world: World) -> list[dict[int, int]]:
        """Some values of the free indices; none where there are none."""
        ranges = [range(world.size(self.algebra.domains[i])) for i in self.free]
        if not all(ranges):
            return []
        return [{i: self.random.choice(r) for i, r in zip(self.free, ranges, strict=True)} for _ in range(3)]


def built(seed: int, depth: int = 4) -> tuple[Builder, Sum, Meant] | None:
    builder = Builder(seed)
    try:
        return (builder, *builder.build(depth))
    except GiveUp:
        return None


BATCHES, BATCH = 16, 60


@pytest.mark.parametrize("batch", range(BATCHES))
def test_arithmetic_keeps_values(batch: int) -> None:
    compared = 0
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        found = built(seed)
        if found is None:
            continue
        builder, s, meant = found
        for field in FIELDS:
            world = builder.world(field)
            for at in builder.places(world):
                compared += 1
                assert world.sum(s, builder.algebra, at) == meant(world, at), (seed, s)
    assert compared > BATCH


def other_names(monomial: Monomial, algebra: SumAlgebra, random: Random) -> Monomial:
    """The monomial with other bound indices, its factors in another order."""
    apart = algebra.apart(monomial)
    bound, powers = list(apart.bound), list(apart.powers)
    random.shuffle(bound)
    random.shuffle(powers)
    return Monomial(tuple(bound), tuple(powers))


@pytest.mark.parametrize("batch", range(BATCHES // 2))
def test_a_key_is_blind_to_names_and_order(batch: int) -> None:
    compared = 0
    for seed in range(10_000 + batch * BATCH, 10_000 + (batch + 1) * BATCH):
        found = built(seed)
        if found is None:
            continue
        builder, s, _ = found
        again = builder.algebra.collect(
            (c, o.bound, o.powers) for c, m in s.values() for o in (other_names(m, builder.algebra, builder.random),)
        )
        compared += len(s)
        assert {key: c for key, (c, _) in again.items()} == {key: c for key, (c, _) in s.items()}, seed
    assert compared > BATCH


@pytest.mark.parametrize("batch", range(BATCHES))
def test_rules_keep_values(batch: int) -> None:
    """A symbol `R` is given the values of a sum, and the equation as a rule; then sums with it in them are reduced."""
    used = 0
    for seed in range(20_000 + batch * BATCH, 20_000 + (batch + 1) * BATCH):
        found = built(seed, 2)
        if found is None or not found[1]:
            continue
        builder, given, meant = found
        algebra = builder.algebra
        free = tuple(
            i for i in builder.free
            if any(i in f.indices and i not in m.bound for _, m in given.values() for f, _ in m.powers)
        )  # fmt: skip
        algebra.declare("R", tuple(algebra.domains[i] for i in free))
        symbol = algebra.factor(Factor("entry", "R", False, free))
        rules = RewriteRules(algebra)
        try:
            rules.learn([Zero(algebra.sub(given, symbol), free)])
            target, value = builder.build(2)
            target = algebra.mul(algebra.add(given, symbol), algebra.mul(target, given))
            reduced = rules.reduced(target)
        except GiveUp:
            continue
        used += target.keys() != reduced.keys()
        for field in FIELDS:
            world = builder.world(field)
            for at in builder.places(world):
                table_ = _tabulated(meant, world, algebra, free, at)
                world.arrays["R"] = table_
                # R(at) + R(at) is what stood for the sum and the symbol
                once = world.field.mul(value(world, at), meant(world, at))
                expected = world.field.mul(world.field.add(meant(world, at), meant(world, at)), once)
                assert world.sum(reduced, algebra, at) == expected, seed
    assert used > BATCH // 4


def _tabulated(meant: Meant, world: World, algebra: SumAlgebra, free: tuple[int, ...], at: At) -> Any:
    if not free:
        return meant(world, at)
    size = world.size(algebra.domains[free[0]])
    return [_tabulated(meant, world, algebra, free[1:], {**at, free[0]: place}) for place in range(size)]
