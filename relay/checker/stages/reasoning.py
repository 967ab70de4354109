"""The steps of stages that try no values. docs/checker.md prints the docstrings of these functions."""

from __future__ import annotations

from relay.checker.fields import HARMLESS_DEGREE
from relay.checker.generic.error_bound import bound
from relay.checker.generic.identities import identities
from relay.checker.stages.inquiry import Inquiry
from relay.checker.symbolic import prove


def seek_proof(inquiry: Inquiry) -> None:
    """searches for a proof at all sizes, by a normal form"""
    inquiry.certificate = prove(inquiry.reading.claim, inquiry.reading.definitions)


def accept_proof(inquiry: Inquiry) -> None:
    """accepts the proof and ends the search"""
    assert inquiry.certificate is not None  # the stage applies
    inquiry.tally.evidence.append({"stage": "all sizes", **inquiry.certificate.record()})
    inquiry.tally.everywhere = True


def seek_identities(inquiry: Inquiry) -> None:
    """searches for an identity of polynomials over the integers at each case; cases that have one are *shown*"""
    reading = inquiry.reading
    inquiry.identities = identities(reading.claim, reading.dims, inquiry.base, reading.definitions)


def note_identities(inquiry: Inquiry) -> None:
    """records the identities in the evidence"""
    inquiry.tally.evidence.append(inquiry.identities.record())


def note_untried_characteristics(inquiry: Inquiry) -> None:
    """leaves the claim undecided if characteristics that should be tried are not"""
    inquiry.tally.untried = inquiry.characteristics.untried


def note_untried_roots(inquiry: Inquiry) -> None:
    """leaves the claim undecided if roots that should be tried cannot be, unless the claim is an identity"""
    inquiry.tally.untried = "" if inquiry.identities.reached else inquiry.roots.untried


def bound_error(inquiry: Inquiry) -> None:
    """computes a bound for the probability that values in large fields missed a difference"""
    record = bound(inquiry.reading.claim, inquiry.tally.draws, inquiry.reading.definitions)
    if record is not None:
        inquiry.tally.evidence.append(record)


def leave_asked_untried(inquiry: Inquiry) -> None:
    """the claim is left undecided"""
    untried = "a power or a constant in it requires a field that is too large to range over"
    inquiry.tally.untried = inquiry.tally.untried or untried


def leave_degree_untried(inquiry: Inquiry) -> None:
    """the claim is left undecided if its degree is above 4"""
    if inquiry.reading.meetings.degree > HARMLESS_DEGREE:
        inquiry.tally.run_out("room: fields with more elements than its degree are too large")
