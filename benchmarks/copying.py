"""Count the concepts that researchers earn by copying the tables that they are shown, in every manner of
`tests/attack/copiers.py`. All manners get the same theories, and a budget that limits none of them.

    python3 benchmarks/copying.py                                   # 20 theories of each shape
    python3 benchmarks/copying.py --theories 5 --task 'alien(q=3)'
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from trials import Plan, carry_out

from relay.records.spec import read_spec
from tests.attack.copiers import AMPLE, MANNERS, NOTES, spec

TASKS = ("alien", "alien(q=5, layers=6, width=3, term_size=3)")
GENERATIONS = 2
"""In the second one, what the first one handed on can be called."""


def main() -> None:
    """Run the trials and print a row for each task and manner."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--theories", type=int, default=20)
    parser.add_argument("--task", action="append", help="a task with its parameters; may be given several times")
    parser.add_argument("--manner", action="append", choices=MANNERS, help="may be given several times")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()

    print(f"{'earned':>6} {'explained':>9} {'too long':>8} {'concepts':>8}  of {options.theories} theories together")
    for task in options.task or TASKS:
        for manner in options.manner or MANNERS:
            plans = [
                Plan(manner, task, NOTES, GENERATIONS, seed, AMPLE, read_spec(spec(manner)))
                for seed in range(1, options.theories + 1)
            ]
            with tempfile.TemporaryDirectory() as scratch:
                done = list(carry_out(plans, Path(scratch), options.processes))
            earned = sum(one.established for one in done)
            explained = sum(len(one.trial.rows[-1].explained) for one in done)
            long = sum(len(one.trial.form.too_long) for one in done)
            concepts = sum(len(one.trial.task.concepts) for one in done)
            print(f"{earned:6} {explained:9} {long:8} {concepts:8}  {task}: {manner}", flush=True)


if __name__ == "__main__":
    main()
