"""When a stage applies, and when it tries another number of values. The page prints the docstrings, after `when`."""

from __future__ import annotations

from relay.checker.characteristics import conjugates
from relay.checker.stages.inquiry import Inquiry


def always(inquiry: Inquiry) -> bool:
    """always"""
    return True


def conditional(inquiry: Inquiry) -> bool:
    """there is a hypothesis"""
    return inquiry.reading.conditional


def unconditional(inquiry: Inquiry) -> bool:
    """there is no hypothesis"""
    return not inquiry.reading.conditional


def of_one_case(inquiry: Inquiry) -> bool:
    """there is one case"""
    return not inquiry.reading.dims


def conditional_of_one_case(inquiry: Inquiry) -> bool:
    """there is one case and a hypothesis"""
    return inquiry.reading.conditional and not inquiry.reading.dims


def nothing_ran_out(inquiry: Inquiry) -> bool:
    """nothing has run out"""
    return not inquiry.tally.ran_out


def proved(inquiry: Inquiry) -> bool:
    """there is a proof at all sizes"""
    return inquiry.certificate is not None


def proved_unsatisfied(inquiry: Inquiry) -> bool:
    """there is a proof, and no value has satisfied the hypothesis"""
    return proved(inquiry) and inquiry.reading.conditional and not inquiry.tally.satisfying.count


def proved_satisfied(inquiry: Inquiry) -> bool:
    """there is a proof, and a value has satisfied the hypothesis"""
    return proved(inquiry) and inquiry.tally.satisfying.count > 0


def shown(inquiry: Inquiry) -> bool:
    """the claim is an identity at some size"""
    return bool(inquiry.identities.shown)


def is_open(inquiry: Inquiry) -> bool:
    """some cases are open"""
    return bool(inquiry.open.cases)


def conjugating(inquiry: Inquiry) -> bool:
    """some cases are open, and `conj` occurs in what is said"""
    return is_open(inquiry) and conjugates(inquiry.reading.claim, inquiry.reading.definitions)


def building(inquiry: Inquiry) -> bool:
    """values are built"""
    return inquiry.search.sampler.builds


def not_building(inquiry: Inquiry) -> bool:
    """values are not built"""
    return not inquiry.search.sampler.builds


def unsatisfied(inquiry: Inquiry) -> bool:
    """there is a hypothesis that no value has satisfied, and nothing has run out"""
    return inquiry.reading.conditional and not satisfied_or_out(inquiry)


def satisfied_or_out(inquiry: Inquiry) -> bool:
    """a value satisfies the hypothesis, or something runs out"""
    return inquiry.tally.satisfying.count > 0 or bool(inquiry.tally.ran_out)


def naming_scalars(inquiry: Inquiry) -> bool:
    """a scalar above 1 is named, and nothing has run out"""
    return max(inquiry.reading.meetings.scalars, default=0) > 1 and nothing_ran_out(inquiry)
