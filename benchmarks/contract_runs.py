"""Contract runs: print what happens under every installed note and memory scheme with four researchers. Nothing is
compared: the trials are far too short, and show only that everything works.

    python3 benchmarks/contract_runs.py
    python3 benchmarks/contract_runs.py --notes letter --notes textbook --researcher writer

The researchers: the explorer; `mock/explorer`, which reads prompts and writes JSON as a language model does; a writer
that uses every action as it is meant; a misuser, half of whose fields hold what they should not. `callable` and
`retained` are numbers after the last generation; the others are sums over the trial. `resumed`: whether trials that are
killed at some moments and resumed have the same log, byte for byte. `told`: whether the log alone gives every prompt
again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from relay.components import available
from tests.contract.runs import RESEARCHERS, ContractRun, counted
from tests.contract.test_memory_schemes import INSTALLED


class Chosen(NamedTuple):
    """What one run is about."""

    notes: str
    memory: str
    full: bool
    researcher: str


def main() -> None:
    """Run the trials, print a row for each, and end with status 1 if one of them does not resume or is not told."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", action="append", help="a note scheme; may be given several times")
    parser.add_argument("--memory", action="append", help="a memory scheme; the same")
    parser.add_argument("--researcher", action="append", choices=RESEARCHERS, help="the same")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()

    every = not (options.notes or options.memory)
    schemes = [(notes, "fresh", False) for notes in options.notes or (available("relay.notes") if every else ())]
    schemes += [("ledger", memory, True) for memory in options.memory or (INSTALLED if every else ())]
    chosen = [Chosen(*each, one) for each in schemes for one in options.researcher or RESEARCHERS]
    print("Contract runs; nothing is compared here.")
    failed, head = 0, False
    with ProcessPoolExecutor(options.processes) as pool:
        for each, (numbers, resumed, told) in zip(chosen, pool.map(happened, chosen), strict=True):
            if not head:
                print(" ".join([f"{'notes':9} {'memory':21} {'researcher':13}", *numbers, "resumed", "told"]))
                head = True
            figures = " ".join(f"{number:{len(name)}}" for name, number in numbers.items())
            marks = f"{'yes' if resumed else 'NO':>7} {'yes' if told else 'NO':>4}"
            print(f"{each.notes:9} {each.memory:21} {each.researcher:13} {figures} {marks}", flush=True)
            failed += not (resumed and told)
    print(f"{len(chosen)} runs, {failed} of which failed")
    sys.exit(bool(failed))


def happened(chosen: Chosen) -> tuple[dict[str, int], bool, bool]:
    """The numbers of one run, whether it resumes, and whether its log tells it."""
    with tempfile.TemporaryDirectory() as scratch:
        run = ContractRun(Path(scratch), chosen.researcher, chosen.notes, chosen.memory, chosen.full, kills=3)
        return counted(run), run.resumes, run.is_told


if __name__ == "__main__":
    main()
