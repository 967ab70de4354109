"""The cases at which a stage tries a claim. docs/checker.md prints the docstrings of these functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import prod

from relay.checker.cases import Case, Dimension, spread
from relay.checker.sampling.construction import Constructor
from relay.checker.stages.inquiry import Inquiry

BEYOND = (4, 5, 7, 9)
"""Numbers beyond the base cases. A statement that ranges over no type is tried at them as long as that is cheap."""
BEYOND_ONE: Mapping[str, tuple[int, ...]] = {"size": (4, 5, 8), "length": (4, 5, 8), "nat": (4, 5, 8, 13, 21, 40)}
"""Numbers beyond the base cases for one dimension, by its kind, while the others are 2. A natural parameter costs less
than a size, so it goes further."""
MOST_LADDERS = 8
"""A stage climbs at most so many ladders (sequences of growing cases)."""


def every_case(inquiry: Inquiry) -> Sequence[Case]:
    """all cases"""
    return inquiry.cases


def base(inquiry: Inquiry) -> Sequence[Case]:
    """base cases"""
    return inquiry.base


def base_unshown(inquiry: Inquiry) -> Sequence[Case]:
    """base cases that are not shown"""
    return inquiry.unshown(inquiry.base)


def unshown(inquiry: Inquiry) -> Sequence[Case]:
    """cases that are not shown"""
    return inquiry.unshown(inquiry.cases)


def exhausted(inquiry: Inquiry) -> Sequence[Case]:
    """base cases that are not shown; if all are shown and there is a hypothesis, two base cases"""
    return inquiry.exhausted


def open_cases(inquiry: Inquiry) -> Sequence[Case]:
    """open cases"""
    return inquiry.open.cases


def open_spread(inquiry: Inquiry) -> Sequence[Case]:
    """three of the open cases"""
    return spread(inquiry.open.cases)


def base_spread(inquiry: Inquiry) -> Sequence[Case]:
    """three of the base cases"""
    return spread(inquiry.base)


def up_to_two(inquiry: Inquiry) -> Sequence[Case]:
    """cases with numbers up to 2"""
    return tuple(case for case in inquiry.cases if max(case.values(), default=0) <= 2)


# --- ladders, for stages that explore --------------------------------------------------------------------------------


def larger_sizes(inquiry: Inquiry) -> Sequence[Sequence[Case]]:
    """growing numbers, for all dimensions together and for each alone"""
    return _ladders(inquiry.reading.dims, inquiry.cases, ())


def larger_unshown(inquiry: Inquiry) -> Sequence[Sequence[Case]]:
    """growing numbers, for all dimensions together and for each alone, without the cases that are shown"""
    return _ladders(inquiry.reading.dims, inquiry.cases, inquiry.identities.shown)


def larger_possible(inquiry: Inquiry) -> Sequence[Sequence[Case]]:
    """the first two cases of each sequence of growing numbers; with smaller numbers if the hypothesis requires that"""
    constructor = inquiry.search.sampler.constructor
    assert constructor is not None  # values are built
    return [_possible(ladder, constructor)[:2] for ladder in larger_unshown(inquiry)]


def first_two(inquiry: Inquiry) -> Sequence[Sequence[Case]]:
    """the first two cases"""
    return [up_to_two(inquiry)[:2]]


def all_up_to_two(inquiry: Inquiry) -> Sequence[Sequence[Case]]:
    """cases with numbers up to 2"""
    return [up_to_two(inquiry)]


def narrow(inquiry: Inquiry) -> Sequence[Sequence[Case]]:
    """cases with numbers up to 2, or with one number 3 and the others below 2; small ones first"""
    # A ladder ends at the first case that runs out, so the cheapest cases come first.
    return [sorted(filter(_is_narrow, inquiry.cases), key=_volume)]


def _ladders(dims: Sequence[Dimension], cases: Sequence[Case], shown: Collection[tuple[int, ...]]) -> list[list[Case]]:
    if not dims:
        return []
    together = [{d: n if d.kind == "size" else 2 for d in dims} for n in BEYOND]
    ladders = [together, [dict.fromkeys(dims, n) for n in BEYOND]]
    if len(dims) > 1:
        ladders += [[{d: n if d == dim else 2 for d in dims} for n in BEYOND_ONE[dim.kind]] for dim in dims]
    elif dims[0].kind == "nat":
        ladders = [[{dims[0]: n} for n in BEYOND_ONE["nat"]]]
    # a case that is known, or part of an earlier ladder, is not tried twice
    known = {*shown, *(tuple(c.values()) for c in cases)}
    tried: list[list[Case]] = []
    for ladder in ladders[:MOST_LADDERS]:
        tried.append([case for case in ladder if tuple(case.values()) not in known])
        known |= {tuple(case.values()) for case in ladder}
    return tried


def _possible(ladder: Sequence[Case], constructor: Constructor) -> list[Case]:
    """Returns the cases of `ladder`, with smaller numbers where the hypothesis excludes a case.

    In an excluded case, all numbers other than sizes become 1, 0 or 3: the first of these that the hypothesis allows.
    If it allows none, the case stays as it is."""
    found: list[Case] = []
    for case in ladder:
        smaller = ({d: n if d.kind == "size" else k for d, n in case.items()} for k in (1, 0, 3))
        found.append(next((c for c in (case, *smaller) if constructor.possible(c)), case))
    return found


def _is_narrow(case: Case) -> bool:
    """Whether a case is small enough for a statement that ranges over a type to be tried there in larger fields: no
    number is above 2, or one is 3 and the others are below 2."""
    *others, largest = sorted(case.values()) or [0]
    return largest <= 2 or (largest == 3 and max(others, default=2) < 2)


def _volume(case: Case) -> int:
    """Returns a number that grows with the cost of a value in a case, for statements that range over a type."""
    return prod(max(number, 1) for number in case.values())
