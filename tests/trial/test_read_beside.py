"""A trial that is read while another process runs it is never taken for a damaged one."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

from analysis.trials import read_trial
from relay.records.reader import TrialReader
from tests.trial.helpers import condition, rewind, run

HERE = Path(__file__).parent


def test_a_running_trial_is_read_beside_its_process(tmp_path: Path) -> None:
    """Also while it is killed and started again."""
    agent = {"name": f"{HERE / 'toy.py'}:Wanderer", "parameters": {"pause": 0.002}}
    chosen = condition(agent=agent, width=3, generations=25, notes="ledger")
    draw, reads, seen, starts, over = random.Random(1), 0, set[int](), 0, False
    while not over:
        starts += 1
        child = os.fork()
        if child == 0:
            run(tmp_path / "a", chosen)
            os._exit(0)
        left = draw.randrange(2, 6) if starts < 5 else 1_000_000  # reads until it is killed
        while not over:
            if (tmp_path / "a/condition.yaml").exists():
                trial = read_trial(tmp_path / "a")
                reads, left = reads + 1, left - 1
                seen.add(len(trial.rows))
            if left == 0:
                os.kill(child, signal.SIGKILL)
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                over = not os.WIFSIGNALED(status)
                break
    assert reads >= 10 and len(seen) > 3 and starts > 1
    assert len(read_trial(tmp_path / "a").rows) == 25


def test_a_block_that_is_taken_back_meanwhile_is_no_damage(tmp_path: Path) -> None:
    """Who resumes an interrupted trial writes a head with one block less, and cuts off the block that said so."""
    run(tmp_path / "a", condition(generations=2))
    reader = TrialReader.open(tmp_path / "a")
    events = tmp_path / "a/events.jsonl"
    rewind(tmp_path / "a", len(events.read_bytes()) - len(events.read_bytes().splitlines(keepends=True)[-1]))
    assert reader.head.blocks == 4
    assert reader.read().blocks == 3
