"""Finds sizes at which a comparison of terms computed from sizes changes its outcome.

A size can meet a constant through a function: `fib(n) == 8` changes at n = 6, and the text does not show it. But terms
over natural numbers alone are cheap to evaluate. So comparisons of such terms are evaluated at many sizes. If a
comparison has an outcome for the first time at a size beyond the smallest ones, the statement is tried at that size. A
natural number that depends on more than sizes, such as the length of a list or a count, is treated as a variable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import permutations, product

import numpy as np
from numpy.typing import NDArray

from relay.checker.cases import REACH, length_of
from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.finite_fields import PrimeField
from relay.evaluation.evaluate import evaluate
from relay.evaluation.values import Value, as_array
from relay.notation.comparisons import COMPARISONS
from relay.notation.rewriting import with_keys
from relay.notation.syntax import (
    NAT,
    Apply,
    BoolType,
    Call,
    Choice,
    Claim,
    Comprehension,
    Definition,
    Generator,
    ListType,
    NatType,
    Numeral,
    ScalarType,
    Term,
    Variable,
)
from relay.notation.traversal import called, free_variables, operands, walk

FARTHEST = 20
"""The largest number at which a term in one natural number is evaluated."""
MOST_TOGETHER = 3
"""If a comparison contains several natural numbers, but at most so many, it is evaluated for all their combinations up
to `REACH`."""
SMALL = 3
"""Sizes up to this one are tried anyway."""
FUEL = 4_000
"""Nodes that one natural number may cost."""
OTHER_FUEL = 20_000
"""Nodes that a scalar or a truth value may cost. This is more because these are evaluated at fewer sizes."""
WORK = 1_500_000
"""The most work for one statement, in nodes times values."""
FIELD = PrimeField(2**31 - 1)
"""Scalars are evaluated in this field. It is large, so that two scalars are hardly ever equal by chance."""
UNKNOWN = 9
"""Stands for the sign of a comparison that has no value; signs are -1, 0 and 1."""
CLOSING = 9
"""If a difference shrinks over so many numbers in a row, it may vanish at a larger number."""
MOST_CELLS = 4
"""At most so many groups of numbers that were found inside definitions are tried for the statement's own numbers."""


@dataclass(slots=True)
class Turns:
    """The numbers to try, and whether the search for them was complete."""

    numbers: set[int] = field(default_factory=set)
    """Numbers to try for every size, length and natural parameter."""
    together: list[Mapping[str, int]] = field(default_factory=list)
    """Numbers to try together: sizes and natural parameters of the statement by name, lengths of its lists by
    `length_of`."""
    followed: bool = True
    """Whether the change points of every comparison were found. If not, the claim is left undecided."""


def turns(claim: Claim, names: frozenset[str], definitions: Mapping[str, Definition]) -> Turns:
    """Returns the numbers at which comparisons in a claim change. `names` are its sizes and natural parameters."""
    lists = frozenset(p.name for p in claim.parameters if isinstance(p.type, ListType))
    # Terms are known by `id`: equal terms at different places of a statement must stay apart.
    reader = _Reader(definitions, frozenset(id(term) for term in operands(claim.body)), lists)
    for term in (claim.body,) if claim.hypothesis is None else (claim.hypothesis, claim.body):
        reader.read(term, "", names)
    while reader.waiting:
        definition = reader.waiting.pop()
        # inside a definition, its own size names and `Nat` parameters are the natural numbers
        inside = {p.name for p in definition.parameters if isinstance(p.type, NatType)}
        reader.read(definition.body, definition.key, frozenset(inside | set(definition.sizes)))
    # Which of the statement's numbers reach the definition is not known, so all assignments are tried.
    for cell in sorted(reader.cells, key=lambda cell: (sum(cell), cell))[:MOST_CELLS]:
        reader.found.together += [dict(zip(some, cell, strict=True)) for some in permutations(sorted(names), len(cell))]
    return reader.found


class _Reader:
    def __init__(self, definitions: Mapping[str, Definition], asserted: frozenset[int], lists: frozenset[str]) -> None:
        self._definitions = definitions
        self._lists = lists
        self._asserted = asserted
        self._free: dict[int, tuple[Term, frozenset[str]]] = {}
        self._seen: set[str] = set()
        self._left = WORK
        self.waiting: list[Definition] = []
        self.cells: set[tuple[int, ...]] = set()
        """Groups of numbers at which a comparison of several numbers inside a definition changes."""
        self.found = Turns()

    def read(self, term: Term, key: str, names: frozenset[str]) -> None:
        """Evaluates every comparison inside a term. `key` names the definition that contains the term; it is empty for
        the statement itself."""
        for inner in walk(term):
            called_key = called(inner)
            if called_key is not None and called_key not in self._seen:
                self._seen.add(called_key)
                self.waiting.append(self._definitions[called_key])
            pair = _compared(inner)
            if pair is not None and self._left > 0:
                self._follow(pair, key, names, id(inner) in self._asserted)
            if isinstance(inner, Choice) and inner.kind in ("and", "or") and self._left > 0:
                self._jointly(inner, key, names)

    def _follow(self, pair: tuple[Term, ...], key: str, names: frozenset[str], asserted: bool) -> None:
        abstract = _Abstraction(self._free, names)
        # outside its definition, a recursive call needs the definition's key in place of `self`
        terms = [with_keys(abstract.term(t), {"self": key}) for t in pair]
        if abstract.failed:
            return
        free = sorted(frozenset().union(*(free_variables(t, self._free) for t in terms)))
        if len(free) > 1 and isinstance(terms[0].type, NatType):
            self._together(terms, free, abstract, key, names)
        if not free or not any(_computes(t, self._free) for t in terms):
            return
        if len(free) == 1:
            # scalars and truth values cost more, and larger sizes could not be tried anyway
            farthest = FARTHEST if isinstance(terms[0].type, NatType) else REACH
            found = self._profile(terms, {free[0]: np.arange(farthest + 1, dtype=np.int64)})
            if found is not None:
                self._turn(*found, bound=free[0] not in names and free[0] not in abstract.fresh)
            reached = 0 if found is None else int((found[0] != UNKNOWN).sum())
            # An asserted comparison is itself tested at every case; any other may change at a size not reached here.
            if not asserted and isinstance(terms[0].type, BoolType | ScalarType) and reached < REACH:
                self.found.followed = False
        elif len(free) == 2 and names >= set(free):
            if not isinstance(terms[0].type, NatType):
                self._together(terms, free, abstract, key, names)
        elif names | abstract.fresh >= set(free):
            # too many variables for a grid: only the diagonal, on which all of them are equal
            numbers = np.arange(FARTHEST + 1, dtype=np.int64)
            found = self._profile(terms, dict.fromkeys(free, numbers))
            if found is not None:
                self._turn(*found, bound=False)

    def _jointly(self, term: Choice, key: str, names: frozenset[str]) -> None:
        """Evaluates together those conditions in the conjunction or disjunction `term` that are about natural numbers.
        Ignores its other conditions."""
        abstract = _Abstraction(self._free, names)
        kept: list[Term] = []
        for part in operands(term, term.kind):
            abstract.failed = False
            found = abstract.term(part)
            if not abstract.failed:
                kept.append(with_keys(found, {"self": key}))
        free = sorted(frozenset().union(*(free_variables(part, self._free) for part in kept)))
        if len(kept) > 1 and len(free) > 1:
            joined = reduce(lambda later, part: Choice(term.kind, (part, later), term.type), reversed(kept))
            self._together((joined,), free, abstract, key, names)

    def _together(
        self, terms: Sequence[Term], free: Sequence[str], abstract: _Abstraction, key: str, names: frozenset[str]
    ) -> None:
        """Evaluates a comparison of two or three natural numbers on the grid of all their small values."""
        lengths = {} if key else abstract.lengths(self._lists)
        if len(free) > MOST_TOGETHER or not names | set(lengths) >= set(free):
            return
        axis = range(1, REACH + 1)
        cells = np.array(sorted(product(axis, repeat=len(free)), key=lambda cell: (sum(cell), cell)), dtype=np.int64)
        found = self._profile(terms, {name: cells[:, k] for k, name in enumerate(free)})
        for cell in () if found is None else _first_cells(found[0], cells):
            if not key:  # the names are those of the statement; inside a definition they are not
                self.found.together.append(
                    {lengths.get(name, name): int(v) for name, v in zip(free, cell, strict=True)}
                )
            else:
                self.found.numbers.update(int(v) for v in cell if v > SMALL)
                self.cells.add(tuple(int(v) for v in cell))

    def _profile(
        self, terms: Sequence[Term], values: Mapping[str, NDArray[np.int64]]
    ) -> tuple[NDArray[np.int8], NDArray[np.int64] | None] | None:
        """For each value, returns the sign of the left side minus the right side, or `UNKNOWN` if a side has no value.

        `terms` holds both sides, or one term that is compared with zero or false. For natural numbers, also returns the
        absolute differences. For other terms, returns None in their place, and the sign is 0 or 1. Returns None alone
        if the terms cannot be evaluated."""
        lanes = len(next(iter(values.values())))
        given: dict[str, Value] = dict(values)
        sides = []
        fine = np.ones(lanes, dtype=np.bool_)
        for term in terms:
            try:
                fuel = FUEL if isinstance(term.type, NatType) else OTHER_FUEL
                outcome = evaluate(term, given, lanes, FIELD, self._definitions, fuel)
            except (Undecidable, TooLarge, KeyError):
                return None
            self._left -= outcome.work
            if outcome.value is None:
                return None
            fine &= outcome.ok
            sides.append(as_array(outcome.value, lanes) if isinstance(outcome.value, int | np.ndarray) else None)
        if any(side is None for side in sides):
            return None
        left = np.asarray(sides[0]).astype(np.int64)
        right = np.asarray(sides[1]).astype(np.int64) if len(sides) == 2 else np.zeros(lanes, dtype=np.int64)
        signs = np.sign(left - right)
        if not isinstance(terms[0].type, NatType):  # elements of a finite field have no order
            signs = np.abs(signs)
        gaps = np.abs(left - right) if isinstance(terms[0].type, NatType) else None
        return np.where(fine, signs, UNKNOWN).astype(np.int8), gaps

    def _turn(self, signs: NDArray[np.int8], gaps: NDArray[np.int64] | None, bound: bool) -> None:
        """For each sign in `signs`, records a number at which it first occurs.

        That is the first number above 0 with this sign. Numbers up to `SMALL` are tried anyway: if the first number is
        one of them, the second number with this sign is recorded, unless it is small too.

        `bound` says that the numbers are values of a generator's variable. Such a value is below some size, so the next
        number is recorded too. If two sides approach each other and their difference keeps its sign, they may be equal
        at a larger number: then `self.found.followed` becomes False."""
        for sign in sorted(set(signs.tolist()) - {UNKNOWN}):
            places = [int(k) for k in np.flatnonzero(signs == sign) if k > 0][:2]
            wanted = next((k for k in places if k > SMALL), None)
            if wanted is not None:
                self.found.numbers |= {wanted, wanted + 1} if bound else {wanted}
        known = np.flatnonzero(signs != UNKNOWN)
        # one side is always the larger one, but the other may reach it at a number that is not tried
        if gaps is not None and len(known) > 2 and len(set(signs[known].tolist())) == 1 and signs[known[0]]:
            # the first number is left out: 0 is often a special case
            closing = bool((np.diff(gaps[known[1:]][-CLOSING:]) < 0).all())
            self.found.followed = self.found.followed and not closing


def _first_cells(signs: NDArray[np.int8], cells: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """For each sign, yields the first cell at which it occurs, unless that cell is tried anyway.

    A pair of small numbers is always tried, three small numbers are not (see `relay.checker.cases.plan`)."""
    for sign in sorted(set(signs.tolist()) - {UNKNOWN}):
        cell = cells[int(np.flatnonzero(signs == sign)[0])]
        if cell.max() > SMALL or len(cell) > 2:
            yield cell


def _compared(term: Term) -> tuple[Term, ...] | None:
    """Returns the compared terms, or None if the term compares nothing.

    For a comparison of numbers and for a subtraction, these are the two sides. For any other comparison, for a call
    whose value is a truth value, and for a sum of scalars, it is the term alone, which is compared with false or
    zero."""
    if isinstance(term, Apply) and term.op in COMPARISONS:
        return term.args if isinstance(term.args[0].type, NatType | ScalarType) else (term,)
    if isinstance(term, Apply) and term.op == "sub":
        return term.args
    if isinstance(term, Apply) and term.op == "add" and isinstance(term.type, ScalarType):
        return (term,)
    if isinstance(term, Call) and isinstance(term.type, BoolType):
        return (term,)
    return None


def _computes(term: Term, known: dict[int, tuple[Term, frozenset[str]]]) -> bool:
    """Whether a term does more with its variables than add constants to them or multiply them by constants.

    Terms that do no more are left to `relay.checker.cutoffs.compared_constants`."""
    for inner in walk(term):
        if isinstance(inner, Call | Comprehension | Choice) and free_variables(inner, known):
            return True
        if (
            isinstance(inner, Apply)
            and inner.op in ("floordiv", "mod", "pow", "scalar")
            and free_variables(inner, known)
        ):
            return True
        if isinstance(inner, Apply) and inner.op == "mul" and all(free_variables(arg, known) for arg in inner.args):
            return True
    return False


class _Abstraction:
    """Rewrites terms over natural numbers alone: a part that is a natural number but depends on other values becomes a
    fresh variable."""

    def __init__(self, free: dict[int, tuple[Term, frozenset[str]]], names: frozenset[str]) -> None:
        self._free = free
        self._names: dict[Term, str] = {}
        self.failed = False

    @property
    def fresh(self) -> set[str]:
        """The names of the fresh variables."""
        return set(self._names.values())

    def lengths(self, lists: frozenset[str]) -> dict[str, str]:
        """Returns the fresh variables that stand for the lengths of the given `lists`: variable -> name of the
        length."""
        return {
            name: length_of(term.args[0].name)
            for term, name in self._names.items()
            if isinstance(term, Apply)
            and term.op == "len"
            and isinstance(term.args[0], Variable)
            and term.args[0].name in lists
        }

    def term(self, term: Term) -> Term:
        """Returns the term, rewritten over natural numbers alone. If that is impossible, sets `failed`."""
        if _counts(term):
            return term
        # these four take an array or a list, which has to become a variable together with its operation
        if isinstance(term, Apply) and term.op not in ("len", "item", "entry", "component"):
            return Apply(term.op, tuple(self.term(arg) for arg in term.args), term.type)
        if isinstance(term, Call) and all(isinstance(arg.type, NatType) for arg in term.args):
            return Call(term.name, term.key, tuple(self.term(arg) for arg in term.args), term.type)
        if isinstance(term, Choice):
            return Choice(term.kind, tuple(self.term(arg) for arg in term.args), term.type)
        if isinstance(term.type, NatType):
            return Variable(self._names.setdefault(term, f"number'{len(self._names)}"), NAT)
        self.failed = True
        return Numeral(0, NAT)


def _counts(term: Term) -> bool:
    """Whether all variables of a term are natural numbers, or bound by a comprehension inside the term."""
    bound = {
        clause.variable.name
        for inner in walk(term)
        if isinstance(inner, Comprehension)
        for clause in inner.clauses
        if isinstance(clause, Generator)
    }
    return all(
        isinstance(inner.type, NatType) or inner.name in bound for inner in walk(term) if isinstance(inner, Variable)
    )
