"""Prints what happened in a trial, researcher by researcher: `relay show --transcript` and `relay show --prompt`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from relay.commands.line_printer import LinePrinter
from relay.commands.output import echo, json_line, say
from relay.commands.pager import reading_console
from relay.commands.transcript_data import prompt_data, tenure_data
from relay.commands.transcript_view import print_prompts, print_tenure
from relay.errors import UsageError
from relay.trial.replay import PastTenure, Replay

__all__ = ["Reading", "print_transcript"]


@dataclass(frozen=True)
class Reading:
    """Which part of a trial is read, and how."""

    prompts: bool
    """Whether the messages that were sent are printed, and not the transcript."""
    generation: int | None = None
    """None: all."""
    tenure: int | None = None
    """None: all."""
    reveal: bool = False
    """Whether credited statements have their concepts beside them."""
    trust: bool = False
    """Whether code among the trial's files may be run."""
    json: bool = False


def print_transcript(directory: Path, reading: Reading) -> None:
    """Print the tenures of a trial that are read, in a pager if standard output is a terminal.

    Raises `UsageError` if the trial is not whole, if there is no such tenure, or if messages are wanted that can't be
    computed here.
    """
    replay = Replay.of(directory)
    replay.check(reading.generation, reading.tenure)
    try:
        replay = replay.with_components(trust=reading.trust)
    except UsageError as error:
        if reading.prompts:
            raise
        say(f"the pages of notes are not shown as they were laid out: {error}")
    if replay.setup is not None and replay.other_versions:
        differences = "; ".join(replay.other_versions)
        say(f"the trial ran under other versions, which may have put things otherwise: {differences}")
    past = replay.tenures(reading.generation, reading.tenure)
    if reading.json:
        for tenure in past:
            echo(json_line(_data(replay, tenure, reading)))
        return
    _print(replay, past, reading)


def _data(replay: Replay, tenure: PastTenure, reading: Reading) -> dict[str, object]:
    if reading.prompts:
        assert replay.setup is not None
        return prompt_data(replay.setup, _exact(tenure))
    return tenure_data(tenure, reveal=reading.reveal)


def _print(replay: Replay, past: Iterator[PastTenure], reading: Reading) -> None:
    with reading_console() as console:
        printer = LinePrinter(console)
        empty = True
        for tenure in past:
            empty = False
            if reading.prompts:
                assert replay.setup is not None
                print_prompts(printer, replay.setup, _exact(tenure))
            else:
                print_tenure(printer, tenure, reveal=reading.reveal)
        if empty:
            printer.line("no researcher has begun yet")


def _exact(tenure: PastTenure) -> PastTenure:
    if not tenure.exact:
        raise UsageError(
            f"the messages of g{tenure.generation}-t{tenure.tenure} can't be computed again: this version of relay or "
            "of the trial's components hands on notes in other words; use those that it ran with, or --transcript"
        )
    return tenure
