"""Measure the time and memory of trials of different lengths, each in its own process.

If the ratio stays near 1, the thousandth generation costs as much as the tenth. If the last line is near 0, memory does
not grow with the log.

    python3 benchmarks/generations.py
    python3 benchmarks/generations.py --generations 10 100
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from relay.records.budget import Budget
from relay.trial.resolve import resolve_condition
from relay.trial.trial import run_trial

TASK = "alien(q=3, layers=2, width=2)"


def main() -> None:
    """Measure each length in a new process, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generations", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--agent", default="explorer")
    parser.add_argument("--evaluations", type=int, default=300, help="a tenure; few, so that the engine's share shows")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(measure(options.one, options.agent, options.evaluations)))
        return
    print(f"{TASK}, {options.agent}, {options.evaluations} evaluations a tenure")
    print("generations   seconds   ms a generation   ratio   log KiB   peak MiB")
    rows = []
    for count in options.generations:
        command = [sys.executable, __file__, "--one", str(count), "--agent", options.agent]
        done = subprocess.run(
            [*command, "--evaluations", str(options.evaluations)], check=True, capture_output=True, text=True
        )
        row = json.loads(done.stdout)
        rows.append(row)
        each = row["seconds"] / count
        ratio = each / (rows[0]["seconds"] / options.generations[0])
        print(
            f"{count:11d} {row['seconds']:9.2f} {each * 1000:17.2f} {ratio:7.2f} {row['log'] / 1024:9.0f} "
            f"{row['peak'] / 1024:10.1f}",
            flush=True,
        )
    if len(rows) > 1 and rows[-1]["log"] > rows[-2]["log"]:
        grown = (rows[-1]["peak"] - rows[-2]["peak"]) * 1024 / (rows[-1]["log"] - rows[-2]["log"])
        print(f"memory grows by {grown:.3f} bytes for each further byte of the log")


def measure(generations: int, agent: str, evaluations: int) -> dict[str, float]:
    """Run one trial and return its seconds, the process's peak memory in KiB, and the size of the log in bytes."""
    with tempfile.TemporaryDirectory() as scratch:
        # A short trial first, so that imports and caches don't count as time of the first generations.
        _run(2, agent, evaluations, Path(scratch) / "warm")
        begun = time.perf_counter()
        _run(generations, agent, evaluations, Path(scratch) / "trial")
        seconds = time.perf_counter() - begun
        log = (Path(scratch) / "trial" / "events.jsonl").stat().st_size
    return {"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, "log": log}


def _run(generations: int, agent: str, evaluations: int, directory: Path) -> None:
    condition = resolve_condition(
        TASK, agent=agent, budget=Budget(evaluations=evaluations), generations=generations, seed=1
    )
    asyncio.run(run_trial(condition, directory, workers=0))


if __name__ == "__main__":
    main()
