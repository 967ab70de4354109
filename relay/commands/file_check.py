"""How `relay check` checks a text: each statement is reported in order, and all are counted at the end."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial

from relay.commands.cache import open_cache
from relay.commands.output import json_line, say, write_line
from relay.commands.progress import progress_line
from relay.commands.statements import AGREES, UNKNOWN, Referee, Reviewed, review
from relay.records.task import Task
from relay.scoring.judge import PooledJudge
from relay.scoring.workers import Workers
from relay.text import quantity

__all__ = ["CheckManner", "check_statements"]

AHEAD = 8
"""The most statements for each worker that are read but not yet reported. A slow statement holds back the reports on
those after it, so workers need this much work ahead to stay busy."""
_CONTRADICTS = "contradicts"


@dataclass(frozen=True, slots=True)
class CheckManner:
    """How the statements of a text are checked and reported."""

    workers: int
    cached: bool
    reveal: bool
    referee: bool
    json: bool
    quiet: bool


@dataclass(slots=True)
class _Tally:
    """Counts over the statements that were reported so far."""

    reported: int = 0
    """Statements that were reported."""
    passed: bool = True
    """Whether each statement is defined or accepted, and the referee contradicts no verdict."""
    statuses: Counter[str] = field(default_factory=Counter)
    opinions: Counter[str] = field(default_factory=Counter)

    def add(self, found: Reviewed) -> None:
        self.reported += 1
        self.passed = self.passed and found.passed and not found.disputed
        self.statuses[found.verdict.status.value] += 1
        self.opinions[_CONTRADICTS if found.disputed else found.referee or ""] += 1


async def check_statements(task: Task, text: str, total: int, manner: CheckManner) -> bool:
    """Check and report the `total` statements of a text. Return whether all of them passed."""
    tally = _Tally()
    shown = sys.stdout.isatty() or manner.quiet  # verdicts that appear on the terminal show the progress already
    with progress_line("statement", hidden=shown) as progress, open_cache(manner.cached) as cache:
        async with Workers(manner.workers) as pool:
            referee = _referee(pool) if manner.referee else None
            judge, ahead = PooledJudge(pool, task, cache), AHEAD * manner.workers
            reviewed = review(task, text, judge, reveal=manner.reveal, referee=referee, at_once=ahead)
            async with aclosing(reviewed):
                async for found in reviewed:
                    tally.add(found)
                    _report(found, manner)
                    progress(tally.reported, total, "" if tally.passed else "not all accepted")
    if not manner.quiet and not manner.json:
        _sum_up(tally, manner.referee)
    return tally.passed


def _referee(workers: Workers) -> Referee:
    from relay.commands.second_opinion import second_opinion  # imports SymPy, which is slow

    return partial(second_opinion, workers)


def _report(found: Reviewed, manner: CheckManner) -> None:
    if not manner.quiet:
        write_line(json_line(found.record(manner.reveal)) if manner.json else found.words(manner.reveal))
    if found.disputed:
        say(f"relay: line {found.line}: {found.referee}; one of the two has a bug; please report it")


def _sum_up(tally: _Tally, referee: bool) -> None:
    statuses = ", ".join(f"{count} {status}" for status, count in tally.statuses.items())
    say(f"{quantity(tally.reported, 'statement')}: {statuses}")
    if referee:
        agrees, contradicts, unknown = (tally.opinions[answer] for answer in (AGREES, _CONTRADICTS, UNKNOWN))
        say(f"the referee agrees with {agrees} claims, contradicts {contradicts}, and can't judge {unknown}")
