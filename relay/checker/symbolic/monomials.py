"""Monomials: products of factors, summed over indices, and their normal form.

An index is a number: one that is not negative names a bound or free index, and `-1 - k` is the index k itself. Every
named index lies below a size, its domain, and may be replaced only by one that does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, product
from typing import Any, NamedTuple

from relay.checker.symbolic.sizes import ONE, GiveUp, Size

MOST_LEAVES = 240
"""Labellings that are compared for one monomial."""
MOST_FLIPPED = 6
"""Factors of one monomial whose two indices may be exchanged."""


class Factor(NamedTuple):
    """One thing that is multiplied.

    `kind` is `entry` (of the parameter `head`, at `indices`), `equal` and `less` (1 where the two indices are so, else
    0), `index` (an index as a scalar), `size` (the name `head` as a scalar), `number` (the prime `head`), `minus` (-1),
    `det` (of the matrix `head`) or `product` (of the factor `head` over its index).
    """

    kind: str
    head: str
    conj: bool
    indices: tuple[int, ...]

    def renamed(self, names: Mapping[int, int]) -> Factor:
        return self._replace(indices=tuple(names.get(i, i) for i in self.indices)) if self.indices else self


IDEMPOTENT = frozenset({"equal", "less"})
REAL = frozenset({"equal", "less", "index", "size", "number", "minus"})
"""Kinds that conjugation leaves alone."""


@dataclass(frozen=True, slots=True)
class Monomial:
    """The product of `powers`, summed over `bound` (each below its domain)."""

    bound: tuple[int, ...]
    powers: tuple[tuple[Factor, Size], ...]

    @property
    def weight(self) -> int:
        """How much it says: its factors, powers of unknown size counted once, symbols made for terms by their names."""
        return sum(
            (abs(exponent.number) if exponent.number is not None else 1) * (len(f.head) if " " in f.head else 1)
            for f, exponent in self.powers
        )


Spend = Callable[[int], None]
"""Counts steps of work, each a few microseconds. Raises `GiveUp` when there have been too many."""

Key = tuple[Any, ...]
"""Equal for two monomials exactly where they differ in the names of bound indices and what may be exchanged."""


@dataclass(frozen=True, slots=True)
class Flip:
    """What exchanging the indices of a matrix's entries does: a sign, and perhaps a conjugation."""

    sign: int
    conj: bool


class Indices:
    """Fresh indices and their domains."""

    def __init__(self) -> None:
        self._next = count()
        self.domains: dict[int, Size] = {}

    def fresh(self, domain: Size) -> int:
        index = next(self._next)
        self.domains[index] = domain
        return index


def concrete(index: int) -> int | None:
    """The number that an index is, where it is one."""
    return -1 - index if index < 0 else None


def canonical(
    monomial: Monomial, domains: Mapping[int, Size], flips: Mapping[str, Flip], spend: Spend
) -> tuple[Key, Monomial, int, bool]:
    """The key; the monomial as it stands there; the sign that it got; and whether it equals its own negative."""
    best: tuple[Key, Monomial, int] | None = None
    torsion = False
    for variant, sign in _orientations(monomial, flips):
        key = _labelled(variant, domains, spend)
        if best is None or key < best[0]:
            best, torsion = (key, variant, sign), False
        elif key == best[0] and sign != best[2]:
            torsion = True
    assert best is not None
    return (*best, torsion)


def _orientations(monomial: Monomial, flips: Mapping[str, Flip]) -> Iterator[tuple[Monomial, int]]:
    if not flips:
        yield monomial, 1
        return
    free = [
        k
        for k, (factor, exponent) in enumerate(monomial.powers)
        if factor.kind == "entry" and factor.head in flips and exponent.number is not None
        and (factor.indices[0] != factor.indices[1] or flips[factor.head].conj)
    ]  # fmt: skip
    if len(free) > MOST_FLIPPED:
        raise GiveUp
    for choice in product((False, True), repeat=len(free)):
        sign, powers = 1, list(monomial.powers)
        for k, turned in zip(free, choice, strict=True):
            if turned:
                factor, exponent = powers[k]
                flip = flips[factor.head]
                sign *= flip.sign if (exponent.number or 0) % 2 else 1
                powers[k] = (
                    factor._replace(indices=factor.indices[::-1], conj=factor.conj != flip.conj), exponent,
                )  # fmt: skip
        merged: dict[Factor, Size] = {}
        for factor, exponent in powers:
            merged[factor] = merged.get(factor, Size()) + exponent
        yield Monomial(monomial.bound, tuple(merged.items())), sign


# --- labels of bound indices -----------------------------------------------------------------------------------------


def _labelled(monomial: Monomial, domains: Mapping[int, Size], spend: Spend) -> Key:
    """The least key over all orders of the bound indices that refinement does not tell apart."""
    spend(len(monomial.powers))
    if not monomial.bound:
        return _key(monomial, {}, domains)
    colours = dict.fromkeys(monomial.bound, 0)
    leaves = count(1)
    return _search(monomial, domains, _refined(monomial, domains, colours, spend), leaves, spend)


def _search(
    monomial: Monomial, domains: Mapping[int, Size], colours: dict[int, int], leaves: Iterator[int], spend: Spend
) -> Key:
    classes: dict[int, list[int]] = {}
    for index, colour in colours.items():
        classes.setdefault(colour, []).append(index)
    tied = [colour for colour in sorted(classes) if len(classes[colour]) > 1]
    if not tied:
        if next(leaves) > MOST_LEAVES:
            raise GiveUp
        order = sorted(colours, key=colours.__getitem__)
        return _key(monomial, {index: place for place, index in enumerate(order)}, domains)
    keys = []
    for chosen in classes[tied[0]]:
        told = {index: 2 * colour + (index != chosen) for index, colour in colours.items()}
        keys.append(_search(monomial, domains, _refined(monomial, domains, told, spend), leaves, spend))
    return min(keys)


def _refined(monomial: Monomial, domains: Mapping[int, Size], colours: dict[int, int], spend: Spend) -> dict[int, int]:
    """Indices told apart by where they stand and beside which others, until that tells no more of them apart."""
    seen = len(set(colours.values()))
    while True:
        spend(len(monomial.powers) + len(colours))
        signatures: dict[int, list[Any]] = {index: [] for index in colours}
        for factor, exponent in monomial.powers:
            places = tuple(_place(index, colours) for index in factor.indices)
            if factor.kind == "equal":
                places = tuple(sorted(places))
            for position, index in enumerate(factor.indices):
                if index in signatures:
                    at = 0 if factor.kind == "equal" else position
                    signatures[index].append((factor.kind, factor.head, factor.conj, exponent.terms, at, places))
        marks = {index: (colours[index], domains[index].terms, sorted(found)) for index, found in signatures.items()}
        ranks = {mark: rank for rank, mark in enumerate(sorted({repr(mark) for mark in marks.values()}))}
        colours = {index: ranks[repr(mark)] for index, mark in marks.items()}
        if len(ranks) == seen:
            return colours
        seen = len(ranks)


def _place(index: int, labels: Mapping[int, int]) -> tuple[int, int]:
    if index < 0:
        return 0, -1 - index
    return (2, labels[index]) if index in labels else (1, index)


def _key(monomial: Monomial, labels: Mapping[int, int], domains: Mapping[int, Size]) -> Key:
    factors = []
    for factor, exponent in monomial.powers:
        places = tuple(_place(index, labels) for index in factor.indices)
        if factor.kind == "equal":
            places = tuple(sorted(places))
        factors.append((factor.kind, factor.head, factor.conj, places, exponent.terms))
    bound = tuple(domains[index].terms for index in sorted(labels, key=labels.__getitem__))
    return len(bound), monomial.weight, bound, tuple(sorted(factors))


# --- simplification --------------------------------------------------------------------------------------------------


def simplified(
    bound: Iterable[int], powers: Iterable[tuple[Factor, Size]], domains: Mapping[int, Size], floors: Mapping[str, int]
) -> tuple[Monomial, list[Size]] | None:
    """The product with equal indices made one, and the sizes that sums over nothing leave as factors; None where it is
    zero."""
    left = list(bound)
    merged: dict[Factor, Size] = {}
    for factor, exponent in powers:
        merged[factor] = merged.get(factor, Size()) + exponent
    merged = {factor: exponent for factor, exponent in merged.items() if exponent.terms}  # what is used up says nothing
    while True:
        step = _step(left, merged, domains, floors)
        if step is None:
            return None
        if not step:
            break
        names: dict[int, int] = step
        left = [index for index in left if index not in names]
        renamed: dict[Factor, Size] = {}
        for factor, exponent in merged.items():
            new = factor.renamed(names)
            renamed[new] = renamed.get(new, Size()) + exponent
        merged = renamed
    used = {index for factor in merged for index in factor.indices}
    counted = [domains[index] for index in left if index not in used]
    kept = {f: (ONE if f.kind in IDEMPOTENT else e) for f, e in merged.items() if e.terms}
    if any(
        f.kind == "less" and (f._replace(indices=f.indices[::-1]) in kept or f.indices[0] == f.indices[1]) for f in kept
    ):
        return None
    return Monomial(tuple(i for i in left if i in used), tuple(kept.items())), counted


def _step(
    bound: Sequence[int], powers: dict[Factor, Size], domains: Mapping[int, Size], floors: Mapping[str, int]
) -> dict[int, int] | None:
    """One index to be replaced by another; empty where there is none, None where the product is zero. What is decided
    already goes out of `powers`."""
    for factor in [f for f in powers if f.kind in IDEMPOTENT]:
        i, j = factor.indices
        numbers = concrete(i), concrete(j)
        if i == j or None not in numbers:
            true = (numbers[0] == numbers[1]) if factor.kind == "equal" else (
                i != j and numbers[0] is not None and numbers[1] is not None and numbers[0] < numbers[1]
            )  # fmt: skip
            true = True if i == j and factor.kind == "equal" else true
            if not true:
                return None
            del powers[factor]
            return _step(bound, powers, domains, floors)
        if factor.kind == "equal":
            for old, new in ((i, j), (j, i)):
                if old in bound and _inside(new, domains[old], domains, floors):
                    del powers[factor]
                    return {old: new}
            if i >= 0 and j >= 0 and i not in bound and j not in bound and domains[i] == domains[j]:
                old, new = max(i, j), min(i, j)
                if any(old in f.indices for f in powers if f != factor):
                    exponent = powers.pop(factor)
                    for other in list(powers):
                        if old in other.indices:
                            renamed = other.renamed({old: new})
                            powers[renamed] = powers.pop(other) + powers.get(renamed, Size())
                    powers[factor] = exponent
                    return _step(bound, powers, domains, floors)
    return {}


def _inside(index: int, domain: Size, domains: Mapping[int, Size], floors: Mapping[str, int]) -> bool:
    """Whether an index is certain to lie below a size."""
    number = concrete(index)
    if number is None:
        return domains[index] == domain
    least = domain.least(floors)
    return least is not None and least > number


def inside(index: int, domain: Size, domains: Mapping[int, Size], floors: Mapping[str, int]) -> bool:
    """Whether an index is certain to lie below a size, its own domain being smaller perhaps."""
    if _inside(index, domain, domains, floors):
        return True
    if index < 0:
        return False
    room = (domain - domains[index]).least(floors)
    return room is not None and room >= 0
