"""At which cases a stage tries a claim. The page prints the docstrings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import prod

from relay.checker.cases import Case, Dimension, spread
from relay.checker.sampling.construction import Constructor
from relay.checker.stages.inquiry import Inquiry

BEYOND = (4, 5, 7, 9)
"""Sizes beyond the base cases that every statement without ranges over types is tried at, where that is cheap."""
BEYOND_ONE: Mapping[str, tuple[int, ...]] = {"size": (4, 5, 8), "length": (4, 5, 8), "nat": (4, 5, 8, 13, 21, 40)}
"""Likewise for one of them alone."""
MOST_LADDERS = 8


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
    """base cases that are not shown; where all are, and there is a hypothesis, two of them"""
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
    """larger and larger numbers, for all together and for each alone"""
    return _ladders(inquiry.reading.dims, inquiry.cases, ())


def larger_unshown(inquiry: Inquiry) -> Sequence[Sequence[Case]]:
    """larger and larger numbers, for all together and for each alone, that are not shown"""
    return _ladders(inquiry.reading.dims, inquiry.cases, inquiry.identities.shown)


def larger_possible(inquiry: Inquiry) -> Sequence[Sequence[Case]]:
    """the first two of each of these, natural numbers made smaller where the hypothesis asks for that"""
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
    return [sorted(filter(_is_narrow, inquiry.cases), key=_volume)]  # what runs out there does no harm


def _ladders(dims: Sequence[Dimension], cases: Sequence[Case], shown: Collection[tuple[int, ...]]) -> list[list[Case]]:
    if not dims:
        return []
    together = [{d: n if d.kind == "size" else 2 for d in dims} for n in BEYOND]
    ladders = [together, [dict.fromkeys(dims, n) for n in BEYOND]]
    if len(dims) > 1:
        ladders += [[{d: n if d == dim else 2 for d in dims} for n in BEYOND_ONE[dim.kind]] for dim in dims]
    elif dims[0].kind == "nat":
        ladders = [[{dims[0]: n} for n in BEYOND_ONE["nat"]]]
    known = {*shown, *(tuple(c.values()) for c in cases)}
    tried: list[list[Case]] = []
    for ladder in ladders[:MOST_LADDERS]:
        tried.append([case for case in ladder if tuple(case.values()) not in known])
        known |= {tuple(case.values()) for case in ladder}
    return tried


def _possible(ladder: Sequence[Case], constructor: Constructor) -> list[Case]:
    """The cases of a ladder, the numbers among them made smaller where the hypothesis asks for that."""
    found: list[Case] = []
    for case in ladder:
        smaller = ({d: n if d.kind == "size" else k for d, n in case.items()} for k in (1, 0, 3))
        found.append(next((c for c in (case, *smaller) if constructor.possible(c)), case))
    return found


def _is_narrow(case: Case) -> bool:
    """Whether a statement that ranges over a type may be valued in larger fields too, if that is not dear: nothing is
    above 2, or one number is 3 and the others below 2."""
    *others, largest = sorted(case.values()) or [0]
    return largest <= 2 or (largest == 3 and max(others, default=2) < 2)


def _volume(case: Case) -> int:
    """About what a value in a case costs where a type is ranged over."""
    return prod(max(number, 1) for number in case.values())
