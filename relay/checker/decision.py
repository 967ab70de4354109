"""From the findings to the verdict: a list of rules, of which the first that applies decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from relay.checker.cases import REACH, Case, box, describe
from relay.checker.fields import ALWAYS_TRIED, untold
from relay.checker.generic.identities import contradictory
from relay.checker.search.telling import Wanted, telling
from relay.checker.search.witness import Witness, confirmed, printed
from relay.checker.stages.inquiry import Inquiry
from relay.checker.triviality.random_interpretation import speaks_of_names
from relay.checker.triviality.trivial import plainly_trivial, trivial, trivial_because
from relay.checker.verdict import Verdict
from relay.records.status import Reason, Status
from relay.text import about

_EVERY = {
    "fields": "every field",
    "reals": "every ordered field",
    "complexes": "every K(i) over an ordered K",
}
_TRIED = {
    "fields": "finite fields and random values",
    "reals": "random values in Q and Q(sqrt(2))",
    "complexes": "random values in Q(i) and Q(sqrt(2))(i)",
}
"""Texts for the scope, by class of fields: where a claim is proved (`_EVERY`), and where it was tried (`_TRIED`)."""

ELSEWHERE = "in a larger finite field"
"""What is told of a witness in a drawn field."""

Rule = Callable[[Inquiry], Verdict | None]


def decide(inquiry: Inquiry) -> Verdict:
    """Returns the verdict on a claim that has gone through its stages."""
    for rule in RULES:
        verdict = rule(inquiry)
        if verdict is not None:
            return verdict
    return _holds(inquiry)


def _verdict(inquiry: Inquiry, status: Status, message: str, **more: Any) -> Verdict:
    tally = inquiry.tally
    return Verdict(status=status, message=untold(message), evidence=tuple(tally.evidence), fuel=tally.fuel, **more)


def _undecided(inquiry: Inquiry, reason: Reason, why: str) -> Verdict:
    return _verdict(inquiry, Status.UNDECIDED, f"undecided: {why}", reason=reason)


def _refuted(inquiry: Inquiry) -> Verdict | None:
    witness, reading = inquiry.tally.refutation, inquiry.reading
    if witness is None:
        return None
    if not confirmed(witness, reading.claim, reading.definitions):
        # the batch and the single evaluation disagree: that is a fault of the checker, which must not refute
        return _undecided(inquiry, Reason.UNCONFIRMED, "a counterexample was found but could not be confirmed")
    shown = _told(inquiry, witness, "refuted", lambda seen: seen.false)
    return _verdict(inquiry, Status.REFUTED, f"refuted: {shown or ELSEWHERE}", counterexample=shown or ELSEWHERE)


def _told(inquiry: Inquiry, witness: Witness, stage: str, wanted: Wanted, sides: bool = True) -> str:
    """Returns the witness in words, or another one if this one's field is named in no message; an empty string if there
    is no other. Then the evidence, which no researcher is shown, has the exact values."""
    claim, definitions = inquiry.reading.claim, inquiry.reading.definitions
    exact = printed(witness, claim, definitions, sides)
    told = telling(witness, inquiry.search, inquiry.reading.meetings.numbers, wanted)
    shown = exact if told is witness else printed(told, claim, definitions, sides) if told else ""
    if shown != exact:
        inquiry.tally.evidence.append({"stage": stage, "models": [witness.model.name], "values": 1, "exact": exact})
    return shown


def _ran_out(inquiry: Inquiry) -> Verdict | None:
    if not inquiry.tally.ran_out:
        return None
    return _undecided(inquiry, Reason.RAN_OUT, f"ran out of {inquiry.tally.ran_out}")


def _undefined(inquiry: Inquiry) -> Verdict | None:
    witness = inquiry.tally.undefined
    if witness is None:
        return None
    shown = _told(inquiry, witness, "undefined", lambda seen: seen.undefined, sides=False)
    message = f"undefined: the claim has no value {f'where {shown}' if shown else f'somewhere {ELSEWHERE}'}"
    return _verdict(inquiry, Status.UNDEFINED, message, counterexample=shown or ELSEWHERE)


def _without_values(inquiry: Inquiry) -> Verdict | None:
    if inquiry.tally.satisfying.count or inquiry.reading.conditional or inquiry.identities.inhabited:
        return None
    return _undecided(inquiry, Reason.NO_VALUES, "its parameters have no values at any size that was tried")


def _vacuous(inquiry: Inquiry) -> Verdict | None:
    if inquiry.tally.satisfying.count or not inquiry.reading.conditional:
        return None
    certain = _contradictory(inquiry)
    reason = Reason.CONTRADICTORY if certain else Reason.NONE_FOUND
    return _verdict(inquiry, Status.VACUOUS, _nothing_satisfies(inquiry, certain), reason=reason)


def _plainly_trivial(inquiry: Inquiry) -> Verdict | None:
    reason = plainly_trivial(inquiry.reading.claim, inquiry.reading.definitions)
    return None if reason is None else _verdict(inquiry, Status.TRIVIAL, trivial_because(reason), reason=reason)


def _not_followed(inquiry: Inquiry) -> Verdict | None:
    if inquiry.reading.meetings.followed:
        return None
    why = "a size or number in it may meet a constant that takes too long to compute"
    return _undecided(inquiry, Reason.NOT_FOLLOWED, why)


def _untried(inquiry: Inquiry) -> Verdict | None:
    if inquiry.tally.everywhere or not inquiry.tally.untried:
        return None
    return _undecided(inquiry, Reason.UNTRIED, inquiry.tally.untried)


def _out_of_reach(inquiry: Inquiry) -> Verdict | None:
    numbers = inquiry.reading.plan.out_of_reach
    if not numbers:
        return None
    why = f"a size or number in it meets a constant, and is tried up to {REACH} only, not at "
    return _undecided(inquiry, Reason.OUT_OF_REACH, why + ", ".join(map(str, numbers)))


def _trivial(inquiry: Inquiry) -> Verdict | None:
    """Returns the verdict `trivial` if the rule of random functions applies."""
    claim, definitions = inquiry.reading.claim, inquiry.reading.definitions
    few = _few(inquiry.cases)
    # One cheap draw shows for most claims that they are not trivial. It knows fields only.
    if inquiry.structure is None and speaks_of_names(claim, few[0], definitions):
        return None
    reason = trivial(claim, few, definitions, inquiry.structure)
    return None if reason is None else _verdict(inquiry, Status.TRIVIAL, trivial_because(reason), reason=reason)


def _proved(inquiry: Inquiry) -> Verdict | None:
    dims, tally, every = inquiry.reading.dims, inquiry.tally, _EVERY[inquiry.reading.claim.over]
    if inquiry.structure is not None:
        exhausted = not tally.satisfying.sampled and not dims
        # with dimensions, there are infinitely many values, and some were not tried
        scope = "the structure, every value" if exhausted else ""
    elif tally.everywhere:
        scope = f"{every}, {'all sizes' if dims else 'every value'}"
    elif inquiry.identities.reached:
        scope = f"{every}, {_spans(box(dims, inquiry.identities.reached)) or 'every value'}"
    else:
        scope = ""
    return _verdict(inquiry, Status.PROVED, "proved", scope=scope) if scope else None


def _lacking(inquiry: Inquiry) -> Verdict | None:
    lacking = inquiry.tally.satisfying.lacking
    return _undecided(inquiry, Reason.TOO_FEW, lacking) if lacking else None


def _holds(inquiry: Inquiry) -> Verdict:
    where = _TRIED[inquiry.reading.claim.over] if inquiry.structure is None else "random values"
    scope = ", ".join(part for part in (where, inquiry.tally.told, _spans(inquiry.cases)) if part)
    return _verdict(inquiry, Status.HOLDS, "holds", scope=scope)


RULES: tuple[Rule, ...] = (
    _refuted,
    _ran_out,
    _undefined,
    _without_values,
    _vacuous,
    _plainly_trivial,
    _not_followed,
    _untried,
    _out_of_reach,
    _trivial,
    _proved,
    _lacking,
)
"""The rules in the order in which they are applied; if none applies, the claim holds.

1. A confirmed counterexample decides, whatever else happened.
2. A budget that ran out comes next: values that were not evaluated could have refuted the claim or made it undefined.
3. Rules about the text of the claim (`_plainly_trivial`) come before those that call a claim undecided because a number
   or a field was not tried: a claim with one term on both sides is trivial whatever was tried.
4. The rule of random functions (`_trivial`) evaluates the claim only at cases that were tried, so it comes after the
   rules about what was not tried. It comes before `_proved`, because a trivial claim may well have a proof."""


def _contradictory(inquiry: Inquiry) -> bool:
    """Whether it is certain that the hypothesis of a vacuous claim contradicts itself."""
    tally, reading = inquiry.tally, inquiry.reading
    if inquiry.structure is not None:
        return not tally.satisfying.sampled and not reading.dims  # then every value was tried
    base = [case for case in inquiry.cases if max(case.values(), default=0) <= 2]
    return contradictory(reading.claim, base, reading.definitions)


def _nothing_satisfies(inquiry: Inquiry, certain: bool) -> str:
    """Returns the message of a vacuous claim. `certain`: whether its hypothesis certainly contradicts itself."""
    tally = inquiry.tally
    models = ", ".join(sorted({untold(name, ALWAYS_TRIED) for name in tally.models}))
    values = sum(record.get("values", 0) for record in tally.evidence)
    # no number: which values leave it undefined is in the claim's hands, and may tell the order of a drawn field
    note = "; the hypothesis is undefined for some of them" if tally.satisfying.unclear else ""
    found = f"vacuous: no value that satisfies the hypothesis was found among {about(values)} values in {models}{note}"
    return f"{found}; it is {'' if certain else 'not '}certain that the hypothesis contradicts itself"


def _few(cases: Sequence[Case]) -> list[Case]:
    """Returns a few cases for the rule of random functions.

    All their numbers are 2 or 3, and one case has falling numbers, such as (3, 2). If there are no such cases, returns
    the first three cases."""
    wanted = [c for c in cases if max(c.values(), default=2) in (2, 3) and min(c.values(), default=2) >= 2]
    falling = [c for c in wanted if list(c.values()) == sorted(c.values(), reverse=True)]
    chosen = wanted[:2] + falling[1:2] + wanted[-1:]
    return [c for k, c in enumerate(chosen) if c not in chosen[:k]] or list(cases[:3])


def _spans(cases: Sequence[Case]) -> str:
    """Returns the range of each number over some cases, in words, such as `n in 1..3`."""
    spans: dict[str, set[int]] = {}
    for case in cases:
        for dimension, value in case.items():
            spans.setdefault(describe({dimension: value}).split(" = ")[0], set()).add(value)
    return ", ".join(f"{name} in {min(values)}..{max(values)}" for name, values in spans.items())
