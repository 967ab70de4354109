"""Logs edited by hand: the same bytes again, or one line that refuses."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from relay.errors import UsageError
from relay.records.events import EVENTS
from relay.records.log import encode
from relay.trial.directory import load_trial
from tests.trial.helpers import condition, run

CHOSEN = condition(generations=2, width=2, seed=8)

Edit = Callable[[list[bytes], random.Random], list[bytes]]


def dropped(lines: list[bytes], draw: random.Random) -> list[bytes]:
    at = draw.randrange(len(lines) - 1)
    return lines[:at] + lines[at + 1 :]


def exchanged(lines: list[bytes], draw: random.Random) -> list[bytes]:
    a, b = sorted(draw.sample(range(len(lines)), 2))
    return [*lines[:a], lines[b], *lines[a + 1 : b], lines[a], *lines[b + 1 :]]


def doubled(lines: list[bytes], draw: random.Random) -> list[bytes]:
    at = draw.randrange(len(lines))
    return [*lines[:at], lines[at], *lines[at:]]


def renumbered(lines: list[bytes], draw: random.Random) -> list[bytes]:
    """A line is taken out and those after it close the gap."""
    return [json.dumps({**json.loads(line), "seq": n}).encode() + b"\n" for n, line in enumerate(dropped(lines, draw))]


def reworded(lines: list[bytes], draw: random.Random) -> list[bytes]:
    at = draw.choice([n for n, line in enumerate(lines) if b"op(x, x)" in line])
    return [*lines[:at], lines[at].replace(b"op(x, x)", b"op(x, op(x, x))", 1), *lines[at + 1 :]]


def scribbled(lines: list[bytes], draw: random.Random) -> list[bytes]:
    at = draw.randrange(len(lines) - 1)
    return [*lines[:at], lines[at][: draw.randrange(len(lines[at]))] + b"\xff\n", *lines[at + 1 :]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("whole") / "t"
    run(where, CHOSEN)
    return where


@pytest.mark.parametrize("edit", [dropped, exchanged, doubled, renumbered, reworded, scribbled])
def test_an_edited_log_is_refused_or_mended(tmp_path: Path, whole: Path, edit: Edit) -> None:
    wanted = (whole / "events.jsonl").read_bytes()
    refused = 0
    for seed in range(8):
        where = tmp_path / str(seed)
        shutil.copytree(whole, where)
        lines = edit(wanted.splitlines(keepends=True), random.Random(seed))
        (where / "events.jsonl").write_bytes(b"".join(lines))
        try:
            load_trial(where)
            run(where, CHOSEN)
        except UsageError as error:
            assert len(str(error).splitlines()) == 1
            refused += 1
        else:
            assert (where / "events.jsonl").read_bytes() == wanted
    assert refused >= 6


@pytest.mark.parametrize("edit", [dropped, exchanged, doubled, scribbled])
def test_an_edited_file_of_a_tenure_is_refused_or_mended(tmp_path: Path, whole: Path, edit: Edit) -> None:
    wanted = (whole / "events.jsonl").read_bytes()
    mine = [EVENTS.validate_json(line) for line in wanted.splitlines()]
    mine = [event for event in mine if (event.generation, event.tenure) == (1, 1) and getattr(event, "applied", 0) < 1]
    own = encode(event.model_copy(update={"seq": place}) for place, event in enumerate(mine))
    for seed in range(8):
        where = tmp_path / str(seed)
        shutil.copytree(whole, where)
        (where / "events.jsonl").write_bytes(wanted.splitlines(keepends=True)[0])
        lines = edit(own.splitlines(keepends=True), random.Random(seed))
        (where / "open/g1-t1.jsonl").write_bytes(b"".join(lines))
        try:
            run(where, CHOSEN)
        except UsageError as error:
            assert len(str(error).splitlines()) == 1
        else:
            assert (where / "events.jsonl").read_bytes() == wanted
