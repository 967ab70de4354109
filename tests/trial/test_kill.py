"""A trial that is killed at any moment and run again leaves the same bytes as one that was not killed."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from relay.errors import UsageError
from relay.records.events import EVENTS
from relay.records.log import encode, hold
from relay.trial.directory import TrialDirectory, read_condition
from tests.trial.helpers import condition, run

SCRIPT = str(Path(__file__).with_name("run_toy.py"))


def run_toy(where: Path, width: int, memory: str, notes: str, kills: int, hash_seed: str) -> int:
    """Run a trial in processes of its own, and return how many of them were killed."""
    command = [sys.executable, SCRIPT, str(where), str(width), memory, notes, str(kills)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return int(subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120).stdout)


@pytest.mark.slow
@pytest.mark.parametrize(("width", "memory", "notes"), [(1, "immortal", "journal"), (3, "fresh", "ledger")])
def test_killed_at_random_moments_under_other_hash_seeds(tmp_path: Path, width: int, memory: str, notes: str) -> None:
    assert run_toy(tmp_path / "whole", width, memory, notes, 0, "0") == 0
    assert run_toy(tmp_path / "killed", width, memory, notes, 10, "4711") >= 2
    assert (tmp_path / "killed/events.jsonl").read_bytes() == (tmp_path / "whole/events.jsonl").read_bytes()


def cut(where: Path, name: str, size: int) -> None:
    path = where / name
    path.write_bytes(path.read_bytes()[:size])


def test_every_cut_of_the_log_is_mended(tmp_path: Path) -> None:
    """A kill while a block is appended leaves any part of the block, and the files of its tenures."""
    chosen = condition(generations=2)
    run(tmp_path / "a", chosen)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    draw = random.Random(3)
    for size in [0, 1, len(wanted) - 1, *(draw.randrange(len(wanted)) for _ in range(12))]:
        cut(tmp_path / "a", "events.jsonl", size)
        run(tmp_path / "a", chosen)
        assert (tmp_path / "a/events.jsonl").read_bytes() == wanted


def test_every_cut_of_a_tenures_file_is_mended(tmp_path: Path) -> None:
    """The file of a killed tenure is used up to its last answer, and no answer is requested twice."""
    chosen = condition(generations=1, seed=8)
    run(tmp_path / "a", chosen)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    lines = wanted.splitlines(keepends=True)
    mine = [line for line in lines if b'"generation":1,"tenure":1,' in line and b'"applied":true' not in line]
    placed = [EVENTS.validate_json(line).model_copy(update={"seq": place}) for place, line in enumerate(mine)]
    own = encode(placed)
    draw = random.Random(4)
    for size in [0, 1, len(own) - 1, len(own), *(draw.randrange(len(own)) for _ in range(20))]:
        shutil.rmtree(tmp_path / "a/open")
        (tmp_path / "a/open").mkdir()
        (tmp_path / "a/open/g1-t1.jsonl").write_bytes(own[:size])
        cut(tmp_path / "a", "events.jsonl", len(lines[0]))
        run(tmp_path / "a", chosen)
        assert (tmp_path / "a/events.jsonl").read_bytes() == wanted


def test_a_kill_between_append_and_removal(tmp_path: Path) -> None:
    chosen = condition(generations=2)
    run(tmp_path / "a", chosen)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    (tmp_path / "a/open/g2-t1.jsonl").write_bytes(b'{"left": "behind"}\n')
    (tmp_path / "a/open/g1-t1.jsonl").write_bytes(b"torn")
    run(tmp_path / "a", chosen)
    assert (tmp_path / "a/events.jsonl").read_bytes() == wanted


def test_a_kill_before_the_condition_is_written(tmp_path: Path) -> None:
    chosen = condition()
    run(tmp_path / "a", chosen)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    (tmp_path / "b").mkdir()
    for name in ("lock", "task.json", "condition.yaml.part"):
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
