"""Monomials: products of factors, summed over indices, and their normal form.

An index is an integer. A non-negative one names a bound or free index; `-1 - k` is the constant index k. Every named
index lies below a size, its domain, and may be replaced only by an index that lies below it as well.

The key of a monomial decides equality: bound indices are renamed to the order that gives the least key. Indices are
first told apart by where they stand (colour refinement); only the remaining ties are searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, product
from typing import Any, NamedTuple

from relay.checker.symbolic.sizes import ONE, GiveUp, Size

MOST_LEAVES = 240
"""Largest number of labellings that are compared for one monomial."""
MOST_FLIPPED = 6
"""Largest number of factors of one monomial whose two indices may be exchanged: there are 2^6 variants then."""


class Factor(NamedTuple):
    """One factor of a monomial.

    `kind` is one of: `entry` (of the symbol `head`, at `indices`), `equal` and `less` (1 if the two indices are equal,
    or in this order, else 0), `index` (an index as a scalar), `size` (the name `head` as a scalar), `number` (the prime
    `head`), `minus` (-1), `det` (of the matrix `head`), `product` (of the factor `head` over its index).
    """

    kind: str
    head: str
    conj: bool
    indices: tuple[int, ...]

    def renamed(self, names: Mapping[int, int]) -> Factor:
        return self._replace(indices=tuple(names.get(i, i) for i in self.indices)) if self.indices else self


IDEMPOTENT = frozenset({"equal", "less"})
"""Kinds whose values are 0 and 1, so that their powers are the factor itself."""
REAL = frozenset({"equal", "less", "index", "size", "number", "minus"})
"""Kinds that conjugation does not change."""


@dataclass(frozen=True, slots=True)
class Monomial:
    """The product of `powers`, summed over `bound` (each below its domain)."""

    bound: tuple[int, ...]
    powers: tuple[tuple[Factor, Size], ...]

    @property
    def weight(self) -> int:
        """A measure of length, used to compare monomials: the number of factors with repetitions.

        A power of unknown exponent counts once. A symbol made for a term counts by the length of its name.
        """
        return sum(
            (abs(exponent.number) if exponent.number is not None else 1) * (len(f.head) if " " in f.head else 1)
            for f, exponent in self.powers
        )


Spend = Callable[[int], None]
"""Counts steps of work, each a few microseconds. Raises `GiveUp` after too many."""

Key = tuple[Any, ...]
"""The keys of two monomials are equal if and only if the monomials are equal up to the names of bound indices and the
allowed exchanges of indices."""


@dataclass(frozen=True, slots=True)
class Flip:
    """The effect of exchanging the indices of a matrix's entries: a sign (1 or -1), and a conjugation or none."""

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
    """Return the number that a constant index is; None for a named index."""
    return -1 - index if index < 0 else None


def canonical(
    monomial: Monomial, domains: Mapping[int, Size], flips: Mapping[str, Flip], spend: Spend
) -> tuple[Key, Monomial, int, bool]:
    """Return the key of a monomial, the variant of the monomial with that key, its sign, and whether `m == -m`.

    If two variants have the least key but opposite signs, the monomial equals its own negative, so that `2 m == 0`.
    """
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
    """Yield the variants of a monomial with the indices of single factors exchanged, each with its sign."""
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
        raise GiveUp  # the number of variants doubles with each factor
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
    """Return the least key over all orders of the bound indices that refinement does not tell apart."""
    spend(len(monomial.powers))
    if not monomial.bound:
        return _key(monomial, {}, domains)
    colours = dict.fromkeys(monomial.bound, 0)
    leaves = count(1)
    return _search(monomial, domains, _refined(monomial, domains, colours, spend), leaves, spend)


def _search(
    monomial: Monomial, domains: Mapping[int, Size], colours: dict[int, int], leaves: Iterator[int], spend: Spend
) -> Key:
    """Return the least key over all ways to break ties between indices of one colour."""
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
        # Doubled colours leave a gap below each colour, into which the chosen index moves.
        told = {index: 2 * colour + (index != chosen) for index, colour in colours.items()}
        keys.append(_search(monomial, domains, _refined(monomial, domains, told, spend), leaves, spend))
    return min(keys)


def _refined(monomial: Monomial, domains: Mapping[int, Size], colours: dict[int, int], spend: Spend) -> dict[int, int]:
    """Return finer colours: indices differ if they stand in different places or beside differently coloured indices.

    Repeats until no further indices are told apart.
    """
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
    """Return a sortable form of an index: constants first, then free indices, then bound ones by their labels."""
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
    # Bound indices and weight come first: rewriting makes keys smaller, and so removes sums before anything else.
    return len(bound), monomial.weight, bound, tuple(sorted(factors))


# --- simplification --------------------------------------------------------------------------------------------------


def simplified(
    bound: Iterable[int], powers: Iterable[tuple[Factor, Size]], domains: Mapping[int, Size], floors: Mapping[str, int]
) -> tuple[Monomial, list[Size]] | None:
    """Return a product with equal indices identified, and the sizes left by sums over unused indices.

    Summing over an index that no factor mentions multiplies by its domain. Returns None if the product is zero.
    """
    left = list(bound)
    merged: dict[Factor, Size] = {}
    for factor, exponent in powers:
        merged[factor] = merged.get(factor, Size()) + exponent
    merged = {factor: exponent for factor, exponent in merged.items() if exponent.terms}  # drop the power 0
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
    # The sum of a term over an index that it does not mention is the term times the length of the range.
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
    """Return one index with the index that replaces it; empty if nothing is left to do, None if the product is zero.

    Indicators whose value is certain are removed from `powers`.
    """
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
            # Both are free: use the smaller one in all other factors, but keep the indicator, which may be 0.
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
    """Return whether an index is a constant below a size, or has that size as its domain."""
    number = concrete(index)
    if number is None:
        return domains[index] == domain
    least = domain.least(floors)
    return least is not None and least > number


def inside(index: int, domain: Size, domains: Mapping[int, Size], floors: Mapping[str, int]) -> bool:
    """Return whether an index is certain to lie below a size, also if its domain is smaller than that size."""
    if _inside(index, domain, domains, floors):
        return True
    if index < 0:
        return False
    room = (domain - domains[index]).least(floors)
    return room is not None and room >= 0
