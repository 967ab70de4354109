"""Monomials: products of factors, summed over indices, and their normal form.

An index is an integer. A non-negative one names a bound or free index; `-1 - k` is the constant index k. Every named
index lies below a size, its domain, and may be replaced only by an index that lies below it as well.

Monomials are compared by their keys. To compute a key, the bound indices are put in an order. Most of them are told
apart by where they stand (colour refinement). The others are tried in all orders, and the least key is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, product
from typing import Any, NamedTuple

from relay.checker.symbolic.sizes import ONE, GiveUp, Size

MOST_LEAVES = 240
"""Largest number of orders of the bound indices that are compared for one monomial."""
MOST_FLIPPED = 6
"""Largest number of factors of one monomial whose two indices may be exchanged: there are 2^6 variants then."""


class Factor(NamedTuple):
    """One factor of a monomial.

    `kind` is one of: `entry` (of the symbol `head`, at `indices`), `equal` (1 if the two indices are equal, else 0),
    `less` (1 if the first index is less than the second, else 0), `index` (an index as a scalar), `size` (the size
    named `head` as a scalar), `number` (the prime `head`), `minus` (-1), `det` (the determinant of the matrix `head`),
    `product` (the product over an index of what `head` describes). `conj` tells whether the factor is conjugated.
    """

    kind: str
    head: str
    conj: bool
    indices: tuple[int, ...]

    def renamed(self, names: Mapping[int, int]) -> Factor:
        return self._replace(indices=tuple(names.get(i, i) for i in self.indices)) if self.indices else self


IDEMPOTENT = frozenset({"equal", "less"})
"""Kinds of factors whose values are 0 and 1, so that a power of such a factor is the factor itself."""
REAL = frozenset({"equal", "less", "index", "size", "number", "minus"})
"""Kinds of factors that conjugation does not change."""


@dataclass(frozen=True, slots=True)
class Monomial:
    """The product of `powers`, which are factors with exponents, summed over all values of the indices in `bound`."""

    bound: tuple[int, ...]
    powers: tuple[tuple[Factor, Size], ...]

    @property
    def weight(self) -> int:
        """A measure of length, used to compare monomials: the sum of the exponents' absolute values.

        An unknown exponent counts as 1. If a factor's symbol was made for a term, its name contains spaces; such a
        factor counts as many times as its name has characters.
        """
        return sum(
            (abs(exponent.number) if exponent.number is not None else 1) * (len(f.head) if " " in f.head else 1)
            for f, exponent in self.powers
        )


Spend = Callable[[int], None]
"""Counts the given number of steps of work, each a few microseconds. Raises `GiveUp` after too many."""

Key = tuple[Any, ...]
"""The keys of two monomials are equal if and only if the monomials are equal up to the names of bound indices and the
allowed exchanges of indices."""


@dataclass(frozen=True, slots=True)
class Flip:
    """How `A[j, i]` follows from `A[i, j]`: times `sign` (1 or -1), and conjugated if `conj` is True."""

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
    """Return the number k if `index` is the constant index k; None for a named index."""
    return -1 - index if index < 0 else None


def canonical(
    monomial: Monomial, domains: Mapping[int, Size], flips: Mapping[str, Flip], spend: Spend
) -> tuple[Key, Monomial, int, bool]:
    """Return the key of `monomial`, a variant with that key, a sign, and whether `monomial` equals its own negative.

    `monomial` equals the sign times the variant. If two variants have the least key but opposite signs, the monomial
    equals its own negative, so that twice the monomial is 0.
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
    """Yield `(variant, sign)` such that `monomial` equals the sign times the variant.

    In a variant, the indices of some factors are exchanged as `flips` allows. The first variant is the monomial itself.
    """
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
    """Return the least key over all orders of those bound indices that colour refinement does not tell apart."""
    spend(len(monomial.powers))
    if not monomial.bound:
        return _key(monomial, {}, domains)
    colours = dict.fromkeys(monomial.bound, 0)
    leaves = count(1)
    return _search(monomial, domains, _refined(monomial, domains, colours, spend), leaves, spend)


def _search(
    monomial: Monomial, domains: Mapping[int, Size], colours: dict[int, int], leaves: Iterator[int], spend: Spend
) -> Key:
    """Return the least key over all ways to give different colours to bound indices that share one in `colours`.

    `leaves` counts the orders that were tried.
    """
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
    """Return finer colours for the bound indices.

    Two indices of one colour get different ones if their domains differ, if they stand in different places of factors,
    or if they stand beside differently coloured indices. This is repeated until no further indices are told apart.
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
    """Return a key for sorting indices: constants come first, then free indices, then bound ones by their `labels`."""
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
    """Return a monomial and sizes whose product is that of `powers`, summed over `bound`; None if it is zero.

    If a factor `equal` makes two indices equal, one replaces the other. An index in `bound` that no factor mentions is
    removed, and its domain is among the sizes: summing over such an index multiplies by its domain.
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
    """Return `{old: new}` if the bound index `old` is to be replaced by `new`; empty if nothing is left to do.

    Returns None if the product of `powers` is zero. Removes indicators that are certainly 1 from `powers`.
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
    """Return whether `index` is a constant that is certainly below `domain`, or a named index with this very domain."""
    number = concrete(index)
    if number is None:
        return domains[index] == domain
    least = domain.least(floors)
    return least is not None and least > number


def inside(index: int, domain: Size, domains: Mapping[int, Size], floors: Mapping[str, int]) -> bool:
    """Return whether `index` is certain to lie below `domain`; its own domain may be smaller."""
    if _inside(index, domain, domains, floors):
        return True
    if index < 0:
        return False
    room = (domain - domains[index]).least(floors)
    return room is not None and room >= 0
