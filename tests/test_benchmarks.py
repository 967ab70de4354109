"""Benchmarks are programs: each must at least import, read its options and explain itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = [path for path in sorted((ROOT / "benchmarks").glob("*.py")) if "__main__" in path.read_text("utf-8")]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_a_benchmark_explains_itself(program: Path) -> None:
    done = subprocess.run([sys.executable, str(program), "--help"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout.lower()


def test_the_ablation_leaves_out_one_sentence_at_a_time_and_pairs_by_seed() -> None:
    """`mock/explorer` reads no sentence, so nothing but the tokens differs, and these by as much with every seed."""
    program = [sys.executable, "benchmarks/ablation.py", "--model", "mock/explorer", "--json", "--processes", "1"]
    options = ["--task", "alien(q=3, layers=1, width=2)", "--seeds", "2", "--turns", "1", "--sentences", "nodes"]
    done = subprocess.run([*program, *options], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    whole, nodes, none = json.loads(done.stdout)["arms"]
    assert [row["arm"] for row in (whole, nodes, none)] == ["whole prompt", "without nodes", "no sentence at all"]
    for name in ("concepts", "usable answers", "turns lost"):
        assert whole[name]["mean"] == nodes[name]["mean"] and none[name]["interval"] == [0, 0]
    fewer = nodes["tokens"]["difference"]
    assert none["tokens"]["difference"] < fewer < 0 and nodes["tokens"]["interval"] == [fewer, fewer]


def test_the_interval_is_students() -> None:
    """The quantile of 3 degrees of freedom is 3.182."""
    code = "from ablation import interval; print(*interval([1, 2, 3, 6]))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT / "benchmarks", capture_output=True, text=True)
    middle, half = map(float, done.stdout.split())
    assert middle == 3 and half == pytest.approx(3.182446 * (14 / 3) ** 0.5 / 2, abs=1e-4)
