"""A trial that is killed at any moment and run again leaves the same bytes as one that was not killed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from relay.errors import UsageError
from relay.records.log import hold
from relay.records.reader import read_condition
from relay.trial.directory import TrialDirectory
from tests.trial.helpers import condition, own_events, reopen, rewind, run, sealed

SCRIPT = str(Path(__file__).with_name("run_toy.py"))


def run_toy(where: Path, width: int, memory: str, notes: str, kills: int, hash_seed: str) -> int:
    """Run trials in processes of their own, and return how many of these were killed."""
    command = [sys.executable, SCRIPT, str(where), str(width), memory, notes, str(kills)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return int(subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120).stdout)


@pytest.mark.slow
@pytest.mark.parametrize(("width", "memory", "notes"), [(1, "immortal", "journal"), (3, "fresh", "ledger")])
def test_killed_at_random_moments_under_other_hash_seeds(tmp_path: Path, width: int, memory: str, notes: str) -> None:
    assert run_toy(tmp_path / "whole", width, memory, notes, 0, "0") == 0
    assert run_toy(tmp_path / "killed", width, memory, notes, 50, "4711") == 50
    whole = (tmp_path / "whole/0/events.jsonl").read_bytes()
    trials = sorted(tmp_path.glob("killed/*/events.jsonl"))
    assert trials and all(path.read_bytes() == whole for path in trials)


def test_every_cut_of_the_log_is_mended(tmp_path: Path) -> None:
    """A kill while a block is appended leaves any part of the block, and the files of its tenures."""
    chosen = condition(generations=2)
    run(tmp_path / "a", chosen)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    draw = random.Random(3)
    for size in [0, 1, len(wanted) - 1, *(draw.randrange(len(wanted)) for _ in range(47))]:
        rewind(tmp_path / "a", size)
        run(tmp_path / "a", chosen)
        assert (tmp_path / "a/events.jsonl").read_bytes() == wanted


def test_a_kill_between_the_log_and_its_head(tmp_path: Path) -> None:
    """Then the log has one block more than its head counts."""
    chosen = condition(generations=2)
    run(tmp_path / "a", chosen)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    ends = [end for end, line in _ends(wanted) if any(kind in line for kind in (b"_ended", b"trial_started"))]
    heads = []
    for end in [0, *ends]:
        rewind(tmp_path / "a", end)
        heads.append((tmp_path / "a/head.json").read_bytes())
        (tmp_path / "a/events.jsonl").write_bytes(wanted)
    for end, head in zip([*ends], heads, strict=False):
        (tmp_path / "a/events.jsonl").write_bytes(wanted[:end])
        (tmp_path / "a/head.json").write_bytes(head)
        run(tmp_path / "a", chosen)
        assert (tmp_path / "a/events.jsonl").read_bytes() == wanted


def _ends(data: bytes) -> list[tuple[int, bytes]]:
    """Each line with the offset at which it ends."""
    found, end = [], 0
    for line in data.splitlines(keepends=True):
        end += len(line)
        if b'"tenure_ended"' not in line:
            found.append((end, line))
    return found


def test_every_cut_of_a_tenures_file_is_mended(tmp_path: Path) -> None:
    """The file of a killed tenure is used up to its last answer, and no answer is requested twice."""
    chosen = condition(generations=1, seed=8)
    run(tmp_path / "a", chosen)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    own = sealed(tmp_path / "a", 1, 1, own_events(tmp_path / "a", 1, 1))
    draw = random.Random(4)
    for size in [0, 1, len(own) - 1, len(own), *(draw.randrange(len(own)) for _ in range(46))]:
        reopen(tmp_path / "a", 1, {1: own[:size]})
        run(tmp_path / "a", chosen)
        assert (tmp_path / "a/events.jsonl").read_bytes() == wanted


def test_a_kill_between_append_and_removal(tmp_path: Path) -> None:
    chosen = condition(generations=2)
    run(tmp_path / "a", chosen)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    reopen(tmp_path / "a", 2, {})
    (tmp_path / "a/open/g1-t1.jsonl").write_bytes(b"torn")
    run(tmp_path / "a", chosen)
    assert (tmp_path / "a/events.jsonl").read_bytes() == wanted
    assert not list((tmp_path / "a/open").iterdir())


def test_a_kill_before_the_condition_is_written(tmp_path: Path) -> None:
    chosen = condition()
    run(tmp_path / "a", chosen)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    (tmp_path / "b").mkdir()
    for name in ("lock", "task.json", "head.json", "condition.yaml.part"):
        (tmp_path / "b" / name).write_text("half")
    run(tmp_path / "b", chosen)
    assert (tmp_path / "b/events.jsonl").read_bytes() == wanted


def test_one_process_at_a_time(tmp_path: Path) -> None:
    chosen = condition()
    run(tmp_path / "a", chosen)
    with hold(tmp_path / "a"), pytest.raises(UsageError, match="another process is running"):
        run(tmp_path / "a", chosen)


def test_a_condition_is_used_verbatim(tmp_path: Path) -> None:
    chosen = condition(notes="ledger(cap=500)")
    run(tmp_path / "a", chosen)
    assert read_condition(tmp_path / "a") == chosen
    with pytest.raises(UsageError, match=r"began otherwise: the seed \(5 before, 6 now\); give --fresh .*relay resume"):
        run(tmp_path / "a", condition(notes="ledger(cap=500)", seed=6))
    assert TrialDirectory(tmp_path / "a").condition.read_text().count("cap: 500") == 1
