"""The progress line: what it tells, its estimate of the time left, and that it stays one line."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from relay.commands.progress import TimeLeft

MODEL = """
import asyncio, json

async def answer(request):
    await asyncio.sleep(0.15)
    return json.dumps({"actions": [{"action": "state", "source": "claim (x: Element): x == x"}]})
"""


def steps(time: TimeLeft, *pairs: tuple[float, float], of: int = 10) -> list[float | None]:
    """Take in steps at a time each, and return the time left at once after each of them."""
    left = []
    for now, done in pairs:
        time.step(now, done, of)
        left.append(time.left(now))
    return left


def test_the_time_left_follows_from_the_mean_pace_since_the_first_step() -> None:
    assert steps(TimeLeft(), (5, 0), (15, 1), (25, 2), (35, 3)) == [None, None, 80, 70]
    resumed = steps(TimeLeft(), (0, 8), (10, 8.5), (20, 9), (40, 10))
    assert resumed[:3] == [None, None, 20], "what was done before took no time of this process"
    assert resumed[3] is None


def test_the_time_left_does_not_jump_and_runs_down_between_steps() -> None:
    time = TimeLeft()
    steps(time, *[(10.0 * n, 0.5 * n) for n in range(9)])
    assert (time.left(80), time.left(90)) == (120, 110)
    # a tenure ends early: what was expected to take 40 seconds took 10
    (sooner,) = steps(time, (90, 6))
    assert sooner is not None and 60 < sooner < 110, "the newest estimate alone would be 60"
    time.step(90, 6, 10)
    assert time.left(90) == sooner, "a step that does nothing changes nothing"
    assert time.left(1_000) is None, "what takes longer than was estimated has no estimate"


@pytest.mark.parametrize("columns", [80, 60, 120])
def test_a_slow_researcher_is_followed_within_a_generation_in_one_line(tmp_path: Path, columns: int) -> None:
    (tmp_path / "slow.py").write_text(MODEL)
    (tmp_path / "prices.yaml").write_text("currency: USD\nmodels: {'mock/slow.py:answer': {input: 2.5, output: 10}}\n")
    command = [sys.executable, "-m", "relay", "run", "alien(layers=2, width=1, q=3)", "--model", "mock/slow.py:answer"]
    command += ["-g", "2", "--turns", "4", "--prices", "prices.yaml", "--out", "trial", "--workers", "0", "--json"]
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=theirs,
        env={**environment, "TERM": "xterm", "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )  # fmt: skip
    os.close(theirs)
    said = b""
    try:
        while data := os.read(ours, 1 << 16):
            said += data
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert process.wait(timeout=60) == 0
    drawn = re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.decode()))
    lines = [line for line in drawn if line.startswith("generation ")]
    assert max(map(len, lines)) < columns
    assert not any("…" in line for line in drawn)
    form = r"generation 2/2 .*elapsed 0:00:\d\d left 0:00:\d\d turn [2-4]/4"
    within = [line for line in lines if re.match(form, line)]
    assert within, lines
    assert all(("tokens" in line, "USD" in line) == (columns > 60, columns > 60) for line in within)
    assert all(("0 retained" in line) == (columns > 100) for line in within)
