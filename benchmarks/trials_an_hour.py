"""Measure how many trials an hour `relay run` makes without a model, and compare with another version of relay.

    python3 benchmarks/trials_an_hour.py
    python3 benchmarks/trials_an_hour.py --against path/to/other/checkout --rounds 5

A trial is a whole command with its default options: Python starts, relay is imported, the theory is drawn, the chain
lives, and the result is written. As many commands run at a time as there are cores. Every trial has a seed of its own,
and a round begins with an empty cache. With `--in-turn`, each core has one process with trials in turn instead, so that
relay is imported once, as a study would run them.

With `--against`, the other version makes the same trials, in turn with this one, and the ratio is the median of the
rounds'. It is told how many logs differ. Time by the clock depends on what else the machine does; the time of the
processors less so, and `idle` is what it would allow on cores that do nothing else.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]

SETTINGS: dict[str, tuple[str, ...]] = {
    "by default": ("alien",),
    "q=5, layers=6, 12 generations": ("alien(q=5, layers=6)", "--generations", "12"),
}
"""Name of a setting -> the arguments of `relay run`."""

IN_TURN = """
import asyncio, sys
from pathlib import Path
from relay.trial.resolve import resolve_condition
from relay.trial.trial import run_trial
task, generations, out, *seeds = sys.argv[1:]
for seed in map(int, seeds):
    condition = resolve_condition(task, generations=int(generations), seed=seed)
    asyncio.run(run_trial(condition, Path(out) / str(seed), workers=0))
"""


@dataclass(frozen=True)
class Rate:
    """The time that a round took."""

    wall: float
    """Seconds a trial, by the clock."""
    processor: float
    """Seconds of processors a trial."""

    @property
    def hourly(self) -> float:
        """Trials an hour."""
        return 3600 / self.wall

    def idle(self, cores: int) -> float:
        """Trials an hour on cores that do nothing else."""
        return cores * 3600 / self.processor


def main() -> None:
    """Measure each setting and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", type=Path, help="another checkout of relay, with the same dependencies")
    parser.add_argument("--trials", type=int, default=8, help="a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--in-turn", action="store_true", help="one process a core, with trials in turn")
    options = parser.parse_args()
    homes = [ROOT, *([options.against.resolve()] if options.against else [])]
    print(f"{options.trials} trials a round, {options.cores} at a time, median of {options.rounds} rounds")
    print(f"{'trials an hour':<32}{'here':>9}{'idle':>9}", end="")
    print(f"{'other':>9}{'idle':>9}{'ratio':>8}{'idle':>8}{'  logs that differ'}" if options.against else "")
    for name, words in SETTINGS.items():
        rounds: list[list[Rate]] = []
        differing = 0
        for number in range(options.rounds + 1):
            # the first round is not counted: it compiles modules and fills the system's caches of files
            seeds = range(1 + number * options.trials, 1 + (number + 1) * options.trials)
            with tempfile.TemporaryDirectory() as scratch:
                outs = [Path(scratch) / str(place) for place in range(len(homes))]
                rates = [
                    measure(home, out, words, seeds, options.cores, options.in_turn)
                    for home, out in zip(homes, outs, strict=True)
                ]
                differing += sum(_log(outs[0], seed) != _log(outs[-1], seed) for seed in seeds)
            rounds += [rates] if number else []
        cells = [_cells(sides, options.cores) for sides in zip(*rounds, strict=True)]
        print(f"{name:<32}{''.join(cells)}", end="")
        if options.against:
            ratios = [
                median(r[1].wall / r[0].wall for r in rounds),
                median(r[1].processor / r[0].processor for r in rounds),
            ]
            print(f"{ratios[0]:8.2f}{ratios[1]:8.2f}  {differing} of {(options.rounds + 1) * options.trials}", end="")
        print(flush=True)


def _cells(rates: Sequence[Rate], cores: int) -> str:
    return f"{median(rate.hourly for rate in rates):9,.0f}{median(rate.idle(cores) for rate in rates):9,.0f}"


def measure(home: Path, out: Path, words: Sequence[str], seeds: Sequence[int], cores: int, in_turn: bool) -> Rate:
    """Make one trial for each seed with the relay in `home`, in directories of `out`."""
    environment = {**os.environ, "PYTHONPATH": str(home), "RELAY_CACHE_DIR": str(out / "cache")}
    if in_turn:
        generations = words[-1] if len(words) > 1 else "10"
        shares = [[str(seed) for seed in seeds[place::cores]] for place in range(cores)]
        commands = [[sys.executable, "-c", IN_TURN, words[0], generations, str(out), *share] for share in shares]
    else:
        run = [sys.executable, "-m", "relay", "run", *words, "--quiet"]
        commands = [[*run, "--seed", str(seed), "--out", str(out / str(seed))] for seed in seeds]

    def done(command: Sequence[str]) -> None:
        subprocess.run(command, env=environment, cwd=home, check=True, capture_output=True)

    before, began = _spent(), time.perf_counter()
    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(done, commands))
    return Rate((time.perf_counter() - began) / len(seeds), (_spent() - before) / len(seeds))


def _spent() -> float:
    """Seconds of processors of all commands that have ended, with the processes that they started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _log(out: Path, seed: int) -> bytes:
    return (out / str(seed) / "events.jsonl").read_bytes()


if __name__ == "__main__":
    main()
