"""What researchers were told of their claims, held against what the checker said of them, by events alone.

A *false acceptance* is a claim that was told to be true and that the checker refuted; its rate is taken over the
refuted claims of which anything was told. A *false refusal* is a claim that was told to be refuted and that the checker
accepted, over the accepted ones. Claims that the checker neither refuted nor accepted (undecided, undefined, vacuous,
trivial) are counted apart. Intervals (Wilson 1927) take claims for independent cases, which claims of one chain need
not be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from analysis.intervals import share_interval
from relay.records.consulted import OPINION, Consulted, ConsultedTally, read_opinion
from relay.records.events import Judged
from relay.records.status import ACCEPTED, Status
from relay.text import quantity

Name = tuple[str, str]
"""A judge: its model, and its prompt if there are several."""


@dataclass(frozen=True)
class ToldClaims:
    """Claims of which something was told, by what the checker said of them."""

    false: int = 0
    """Claims that the checker refuted."""
    accepted_false: int = 0
    """Those that were told to be true."""
    true: int = 0
    """Claims that the checker accepted."""
    refused_true: int = 0
    """Those that were told to be refuted."""
    open: int = 0
    """Claims that the checker neither refuted nor accepted."""
    no_opinion: int = 0
    """Claims, refuted or accepted, that were told to be undecided."""
    unreadable: int = 0
    """Answers of a judge that hold no opinion."""

    def plus(self, other: ToldClaims) -> ToldClaims:
        """Return both together."""
        return ToldClaims(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})

    @property
    def agrees(self) -> bool:
        """Whether everything that was told is what the checker said."""
        return not (self.accepted_false or self.refused_true or self.no_opinion or self.unreadable)

    def record(self) -> dict[str, Any]:
        """Return the data that `relay show --json` prints, with rates and their intervals."""
        return {
            **{each.name: getattr(self, each.name) for each in fields(self)},
            "false_acceptances": _rate(self.accepted_false, self.false),
            "false_refusals": _rate(self.refused_true, self.true),
        }

    def words(self) -> str:
        """Describe the errors, in a line."""
        parts = [
            f"told true {_of(self.accepted_false, self.false, 'false claim')}",
            f"told refuted {_of(self.refused_true, self.true, 'true claim')}",
        ]
        if self.no_opinion:
            parts.append(f"no opinion of {self.no_opinion}")
        if self.unreadable:
            parts.append(f"{quantity(self.unreadable, 'unreadable answer')}")
        if self.open:
            parts.append(f"the checker itself left {self.open} open")
        return "; ".join(parts)


@dataclass(frozen=True)
class Opinions:
    """What was told of claims, altogether and by judge, and what asking took."""

    counted: ToldClaims = ToldClaims()
    judges: dict[Name, ToldClaims] = field(default_factory=dict)
    """Judge -> what was told on its word. Empty if nobody was asked."""
    outside: dict[str, ConsultedTally] = field(default_factory=dict)
    """Who was asked for anything from outside, beside researchers -> what that took."""

    @classmethod
    def together(cls, several: Iterable[Opinions]) -> Opinions:
        """Return the opinions of several generations as one."""
        counted, judges, outside = ToldClaims(), dict[Name, ToldClaims](), dict[str, ConsultedTally]()
        for each in several:
            counted = counted.plus(each.counted)
            for name, own in each.judges.items():
                judges[name] = judges.get(name, ToldClaims()).plus(own)
            for by, tally in each.outside.items():
                outside[by] = outside.get(by, ConsultedTally()).together(tally)
        return cls(counted, dict(sorted(judges.items())), dict(sorted(outside.items())))

    @property
    def says_more(self) -> bool:
        """Whether there is anything to tell: somebody was asked, or something else was told than the checker said."""
        return bool(self.judges) or not self.counted.agrees

    def record(self) -> dict[str, Any] | None:
        """Return the data that `relay show --json` prints; None if there is nothing to tell."""
        if not self.says_more:
            return None
        judges = [
            {"model": model, "prompt": prompt or None, **own.record()} for (model, prompt), own in self.judges.items()
        ]
        return {**self.counted.record(), "judges": judges}

    def outside_record(self) -> dict[str, Any]:
        """Return what asking took, by whom was asked."""
        return {by: {**tally.model_dump(), "money": float(tally.money)} for by, tally in self.outside.items()}

    def lines(self, currency: str | None) -> list[str]:
        """Describe what was told, and what asking took."""
        found = []
        if self.says_more:
            found.append(f"claims: {self.counted.words()}")
        if len(self.judges) > 1:
            found += [
                f"  by {model}{f', {prompt}' if prompt else ''}: {own.words()}"
                for (model, prompt), own in self.judges.items()
            ]
        for by, tally in self.outside.items():
            tokens = tally.tokens_in + tally.tokens_out
            words = f"asked {by} {quantity(tally.requests, 'time', ',')}: {quantity(tokens, 'token', ',')}"
            found.append(words + (f", {tally.money:.4f} {currency}" if currency else ""))
        return found


class OpinionCount:
    """Counts what was told in one generation: a fold over its events."""

    def __init__(self) -> None:
        self._all = ToldClaims()
        self._judges: dict[Name, ToldClaims] = {}
        self._outside: dict[str, ConsultedTally] = {}
        self._asked: dict[int, Consulted] = {}
        """Tenure -> the opinion that it was given last, until the claim follows that it is about."""

    def consult(self, event: Consulted) -> None:
        """Count what came from outside."""
        self._outside[event.by] = self._outside.get(event.by, ConsultedTally()).plus(event)
        if event.purpose == OPINION:
            self._asked[event.tenure] = event

    def judge(self, event: Judged) -> None:
        """Count what was told of a claim."""
        asked = self._asked.pop(event.tenure, None)
        if event.kind != "claim" or event.told is None:
            return
        if asked is not None and asked.key != event.key:
            asked = None
        counted = _counted(event, unreadable=asked is not None and read_opinion(asked) is None)
        self._all = self._all.plus(counted)
        if asked is not None:
            name = asked.by, asked.manner
            self._judges[name] = self._judges.get(name, ToldClaims()).plus(counted)

    def opinions(self) -> Opinions:
        """Return what was counted."""
        return Opinions(self._all, dict(sorted(self._judges.items())), dict(sorted(self._outside.items())))


def _counted(event: Judged, *, unreadable: bool) -> ToldClaims:
    false, true = event.status == Status.REFUTED, event.status in ACCEPTED
    return ToldClaims(
        false=int(false),
        accepted_false=int(false and event.told in ACCEPTED),
        true=int(true),
        refused_true=int(true and event.told == Status.REFUTED),
        open=int(not (false or true)),
        no_opinion=int((false or true) and event.told == Status.UNDECIDED),
        unreadable=int(unreadable),
    )


def _rate(count: int, of: int) -> dict[str, Any]:
    return {"count": count, "of": of, "rate": count / of if of else None, "interval": list(share_interval(count, of))}


def _of(count: int, of: int, noun: str) -> str:
    if not of:
        return f"of no {noun}"
    low, high = share_interval(count, of)
    return f"{count} of {quantity(of, noun)} ({count / of:.0%}, 95% interval {low:.0%} to {high:.0%})"
