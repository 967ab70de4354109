"""Measure how long `relay show` takes on a long log, beside bare parsing of its lines or beside another version.

Reading verifies every line and computes every measure again. Times are processor time: the least and the median
of several rounds, in turn.

    python3 benchmarks/reading.py
    python3 benchmarks/reading.py --megabytes 35 --against path/to/another/checkout
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
STATED = (
    "define f{n}(x: Element) -> Element = bal(x, bal(x, {n}))",
    "claim (x: Element): bal(x, x) == x",
)
SHORT = 20
"""Generations of the short trial from which the length of the long one is computed."""

PARSE = """\
import sys
from relay.records.events import EVENTS
for line in open(sys.argv[1], "rb"):
    EVENTS.validate_json(line[:-29] + b"}")
"""


def main() -> None:
    """Write a long trial with each version, read both in turn, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=35.0, help="size of this version's log")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--against", type=Path, help="the checkout of another version; default: bare parsing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        size = _write(HERE, Path(scratch) / "short", SHORT)
        generations = max(round(options.megabytes * 1e6 / size * SHORT), 1)
        _write(HERE, trial := Path(scratch) / "here", generations)
        readers = {"this version": (HERE, _show(trial))}
        if options.against:
            _write(options.against.resolve(), other := Path(scratch) / "there", generations)
            readers["the other version"] = (options.against.resolve(), _show(other))
        else:
            readers["bare parsing"] = (HERE, [sys.executable, "-c", PARSE, str(trial / "events.jsonl")])
        taken: dict[str, list[float]] = {name: [] for name in readers}
        for _ in range(options.rounds):
            for name, (checkout, command) in readers.items():
                taken[name].append(_processor_time(checkout, command))
        print(f"{generations} generations, {(trial / 'events.jsonl').stat().st_size / 1e6:.1f} MB")
        print("                     least   median  seconds of processor time")
        for name, seconds in taken.items():
            print(f"{name:18s} {min(seconds):8.2f} {statistics.median(seconds):8.2f}")
        least, middle = ([of(seconds) for seconds in taken.values()] for of in (min, statistics.median))
        print(f"{'ratio':18s} {least[0] / least[1]:8.2f} {middle[0] / middle[1]:8.2f}")


def _write(checkout: Path, directory: Path, generations: int) -> int:
    """Run a trial of scripted researchers and return the size of its log in bytes."""
    actions = [{"action": "state", "source": text.format(n=number)} for number in range(3) for text in STATED]
    actions += [{"action": "record", "statement": f"f{number}", "remark": "see above"} for number in range(3)]
    answer = json.dumps({"actions": actions})
    command = [sys.executable, "-m", "relay", "run", "alien(q=3, layers=1, width=1)", "--width", "6", "-q"]
    command += ["--agent", f"scripted(lines=['{answer}', '{answer}', '{answer}'])", "-g", str(generations)]
    done = subprocess.run(
        [*command, "--out", str(directory)], env=_environment(checkout), capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return (directory / "events.jsonl").stat().st_size


def _show(directory: Path) -> list[str]:
    return [sys.executable, "-m", "relay", "show", str(directory)]


def _processor_time(checkout: Path, command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=_environment(checkout), check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _environment(checkout: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(checkout)}


if __name__ == "__main__":
    main()
