"""`relay check`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relay.errors import UsageError
from relay.text import quantity

if TYPE_CHECKING:
    from relay.commands.statements import Reviewed
from relay.commands.app import app
from relay.commands.cache import _cache
from relay.commands.options import (
    JsonOption,
    NoCacheOption,
    QuietOption,
    RefereeOption,
    RevealOption,
    TaskArgument,
    TaskSeedOption,
    WorkersOption,
    _build,
    _count,
)
from relay.commands.output import _json_line, _read, _say, _source, _write_line

AHEAD = 8
"""Statements that `relay check` reads ahead of the one that it tells, for each worker."""


@app.command(
    epilog="Examples: echo 'claim (k: Nat): k * k == k' | relay check linear_algebra\n\n"
    "relay check linear_algebra statements.relay --json > verdicts.jsonl"
)
def check(
    task: TaskArgument,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Statements, or text with them; `-`: standard input.")
    ] = None,
    seed: TaskSeedOption = 1,
    statement_size: Annotated[
        int | None, typer.Option(min=1, help="Most term nodes of a statement. Default: the task's.")
    ] = None,
    reveal: RevealOption = False,
    workers: WorkersOption = None,
    no_cache: NoCacheOption = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
    referee: RefereeOption = False,
) -> None:
    """Check the statements of a file, in order; each is told as soon as it is decided.

    A statement may call the definitions before it. One that can't be read, or
    whose check fails, stops none after it. Standard input is read to its end
    first. With --json one object a line.

    Exit status 0 when every definition reads and every claim is `proved` or
    `holds`; 1 otherwise, also when the referee contradicts a verdict.
    """
    from relay.commands.progress import progress_line
    from relay.commands.statements import review, statements
    from relay.scoring.judge import PooledJudge
    from relay.scoring.workers import Workers

    built, text = _build(task, seed), _read(file)
    if statement_size is not None:
        built = built.model_copy(update={"statement_size": statement_size})
    total = sum(1 for _ in statements(text))
    if not total:
        raise UsageError(f"no statement stands in {_source(file)}; one begins with `define` or `claim`")
    passed, done, count = True, 0, min(_count(workers), total)
    statuses, opinions = Counter[str](), Counter[str]()
    shown = sys.stdout.isatty() or quiet  # what is told is progress enough
    with (
        progress_line("statement", hidden=shown) as progress,
        _cache(not no_cache) as cache,
        Workers(count) as pool,
    ):
        found_in_order = review(built, text, PooledJudge(pool, built, cache), reveal=reveal, ahead=AHEAD * count)
        told: Iterator[tuple[Reviewed, str]] = ((found, "") for found in found_in_order)
        if referee:
            from relay.commands.second_opinion import SAID, appealed

            told = appealed(found_in_order, built, text)
        for found, said in told:
            disputed = bool(said) and said not in SAID
            passed, done = passed and found.passed and not disputed, done + 1
            statuses[found.verdict.status.value] += 1
            opinions["contradicts" if disputed else said] += 1
            if not quiet:
                record = found.record(reveal) | ({"referee": said} if referee else {})
                _write_line(_json_line(record) if json else found.words(reveal))
            if disputed:
                _say(f"relay: line {found.line}: {said}; one of the two is wrong, and that is worth a report")
            progress(done, total, "" if passed else "not all accepted")
    if not quiet and not json:
        _say(f"{quantity(total, 'statement')}: " + ", ".join(f"{n} {status}" for status, n in statuses.items()))
        if referee:
            _say(
                "the referee agrees with {agrees} claims, contradicts {contradicts}, and can't judge {unknown}".format(
                    agrees=opinions["agrees"], contradicts=opinions["contradicts"], unknown=opinions["unknown"]
                )
            )
    raise typer.Exit(0 if passed else 1)
