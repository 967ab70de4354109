"""How the charters of a trial were kept, generation by generation, by the events that the engine logged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from relay.records.kept import CharterKept, TenureKept
from relay.text import excerpt, quantity, spans

LONGEST = 80
"""Most characters of the reason why a charter could not tell."""
MOST = 16
"""Most generations whose shares are listed one by one."""


def charter_record(event: CharterKept) -> dict[str, Any]:
    """Return the data of one charter in one generation. `share` is None if there were no chances."""
    return {
        **_counted(event.tenures),
        "place": event.place,
        "by": event.by,
        "given": sum(each.given for each in event.tenures),
        "tenures": [{**each.model_dump(), "failed": each.failed or None} for each in event.tenures],
    }


def charters_record(generations: Sequence[Sequence[CharterKept]]) -> list[dict[str, Any]]:
    """Return the data of each charter over a whole trial. `given_to` are the generations that were given its rule."""
    return [
        {
            **_counted(each for event in events for each in event.tenures),
            "place": events[0].place,
            "by": events[0].by,
            "given_to": _given_to(events),
        }
        for events in _by_charter(generations)
    ]


def charter_words(event: CharterKept) -> str:
    """Describe how one generation kept a charter, and how many of its tenures were given the rule."""
    given, of = sum(each.given for each in event.tenures), len(event.tenures)
    told = "given to none" if not given else f"given to {given} of {of}" if given < of else "given"
    return f"{_kept(event.tenures)}; {told}{_failures(event.tenures)}"


def charters_words(generations: Sequence[Sequence[CharterKept]]) -> list[str]:
    """Return a line for each charter: how it was kept in the whole trial, whom its rule was given, and the shares of
    the last generations."""
    lines = []
    for events in _by_charter(generations):
        tenures = [each for event in events for each in event.tenures]
        to = _given_to(events)
        given = "given to no generation" if not to else f"given to generation{'s' * (len(to) > 1)} {spans(to)}"
        last = events[-MOST:]
        which = "by generation" if len(last) == len(events) else f"in the last {MOST} generations"
        each = " ".join(_share(event.tenures) for event in last)
        lines.append(f"charter {events[0].by}: {_kept(tenures)}; {given}; {which}: {each}{_failures(tenures)}")
    return lines


def _by_charter(generations: Sequence[Sequence[CharterKept]]) -> list[list[CharterKept]]:
    """Return the events of each charter, in the order of the condition."""
    found: dict[int, list[CharterKept]] = {}
    for events in generations:
        for event in events:
            found.setdefault(event.place, []).append(event)
    return list(found.values())


def _given_to(events: Iterable[CharterKept]) -> list[int]:
    return [event.generation for event in events if any(each.given for each in event.tenures)]


def _counted(tenures: Iterable[TenureKept]) -> dict[str, Any]:
    tenures = tuple(tenures)
    chances, kept = sum(each.chances for each in tenures), sum(each.kept for each in tenures)
    return {"chances": chances, "kept": kept, "share": kept / chances if chances else None}


def _kept(tenures: Iterable[TenureKept]) -> str:
    counted = _counted(tenures)
    return f"kept {counted['kept']} of {quantity(counted['chances'], 'chance')}" if counted["chances"] else "no chances"


def _share(tenures: Iterable[TenureKept]) -> str:
    counted = _counted(tenures)
    return f"{counted['kept']}/{counted['chances']}" if counted["chances"] else "-"


def _failures(tenures: Iterable[TenureKept]) -> str:
    failed = [each.failed for each in tenures if each.failed]
    return f"; it could not tell of {quantity(len(failed), 'tenure')}: {excerpt(failed[0], LONGEST)}" if failed else ""
