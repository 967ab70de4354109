"""What stages without values do. The page prints the docstrings."""

from __future__ import annotations

from relay.checker.fields import HARMLESS_DEGREE
from relay.checker.generic.error_bound import bound
from relay.checker.generic.identities import identities
from relay.checker.stages.inquiry import Inquiry
from relay.checker.symbolic import prove


def seek_proof(inquiry: Inquiry) -> None:
    """a proof at all sizes is sought, by a normal form"""
    inquiry.certificate = prove(inquiry.reading.claim, inquiry.reading.definitions)


def accept_proof(inquiry: Inquiry) -> None:
    """the proof counts, and nothing else is tried"""
    assert inquiry.certificate is not None  # the stage applies
    inquiry.tally.evidence.append({"stage": "all sizes", **inquiry.certificate.record()})
    inquiry.tally.everywhere = True


def seek_identities(inquiry: Inquiry) -> None:
    """at each size an identity of polynomials over the integers is sought; cases at which there is one are *shown*"""
    reading = inquiry.reading
    inquiry.identities = identities(reading.claim, reading.dims, inquiry.base, reading.definitions)


def note_identities(inquiry: Inquiry) -> None:
    """the identities are noted"""
    inquiry.tally.evidence.append(inquiry.identities.record())


def note_untried_characteristics(inquiry: Inquiry) -> None:
    """characteristics that ought to be tried and are not make the claim undecided"""
    inquiry.tally.untried = inquiry.characteristics.untried


def note_untried_roots(inquiry: Inquiry) -> None:
    """roots that ought to be tried and can't be make the claim undecided, unless it is an identity"""
    inquiry.tally.untried = "" if inquiry.identities.reached else inquiry.roots.untried


def bound_error(inquiry: Inquiry) -> None:
    """a bound for the probability that the large fields have missed a difference"""
    record = bound(inquiry.reading.claim, inquiry.tally.draws, inquiry.reading.definitions)
    if record is not None:
        inquiry.tally.evidence.append(record)


def leave_asked_untried(inquiry: Inquiry) -> None:
    """the claim is undecided"""
    untried = "a power or a constant in it asks for a field that is too large to range over"
    inquiry.tally.untried = inquiry.tally.untried or untried


def leave_degree_untried(inquiry: Inquiry) -> None:
    """the claim is undecided if its degree is above 4"""
    if inquiry.reading.meetings.degree > HARMLESS_DEGREE:
        inquiry.tally.run_out("room: fields with more elements than its degree are too large")
