"""Compare three conditions on linear algebra, paired by seed:

- chain: a chain with notes;
- alone: one researcher without notes, with the evaluations, turns and tokens of the whole chain;
- silent: a chain that passes nothing on.

Each runs with the brief that shows nothing (`blind`) and with the brief of worked examples (`problems`).

    python3 benchmarks/linear_algebra.py
    python3 benchmarks/linear_algebra.py --seeds 3 --briefs blind
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from math import comb
from pathlib import Path
from statistics import fmean

from trials import ONE_TENURE, Done, Plan, carry_out, together

from relay.records.budget import Budget
from relay.records.condition import Condition

GENERATIONS = int(Condition.model_fields["generations"].default)


def main() -> None:
    """Run the trials and print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--briefs", nargs="+", default=["blind", "problems"])
    parser.add_argument("--generations", type=int, default=GENERATIONS)
    parser.add_argument("--evaluations", type=int, default=ONE_TENURE.evaluations, help="a tenure of the chain")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, help="keep the trials here, and take up those that are there")
    options = parser.parse_args()

    budget = Budget(evaluations=options.evaluations)
    seeds = range(1, options.seeds + 1)
    with tempfile.TemporaryDirectory() as scratch:
        for brief in options.briefs:
            task = f"linear_algebra(brief={brief})"
            plans = []
            for seed in seeds:
                plans.append(Plan(f"{brief}-chain", task, "ledger", options.generations, seed, budget))
                alone = together(options.generations, budget)
                plans.append(Plan(f"{brief}-alone", task, "none", 1, seed, alone))
                plans.append(Plan(f"{brief}-silent", task, "none", options.generations, seed, budget))
            done = list(carry_out(plans, options.out or Path(scratch), options.processes))
            report(brief, options.generations, done)


def report(brief: str, generations: int, done: Sequence[Done]) -> None:
    """Print the established concepts of each condition and, against each control, in how many pairs the chain is ahead,
    with a sign test. `done` contains a chain, an alone and a silent trial for each seed, in this order."""
    chain = [each.established for each in done[::3]]
    total = len(done[0].trial.task.concepts)
    print(f"linear_algebra, {brief}: {generations} generations, concepts established of {total}")
    print(f"  {'chain':7s} {_row(chain)}")
    for place, name in ((1, "alone"), (2, "silent")):
        control = [each.established for each in done[place::3]]
        gains = [ours - theirs for ours, theirs in zip(chain, control, strict=True)]
        ahead = sum(gain > 0 for gain in gains)
        print(f"  {name:7s} {_row(control)}   chain ahead in {ahead} of {len(gains)} pairs; {_sign(gains)}")
    retained = [len(each.trial.rows[-1].retained) for each in done[::3]]
    print(f"  retained by the chain {_row(retained)}")
    print(f"  slowest chain {max(each.seconds for each in done[::3]):.1f} s")
    limits(done[::3])


def limits(chains: Sequence[Done]) -> None:
    """Print the concepts that no chain established, in two groups: about lists, and others.

    The explorer never searches over lists, so it can't find the first group.
    """
    found = [frozenset(each.trial.rows[-1].established) for each in chains]
    some, every = frozenset().union(*found), frozenset.intersection(*found)
    concepts = chains[0].trial.task.concepts
    never = [concept for concept in concepts if concept.id not in some]
    lists = [c.id for c in never if "List[" in c.forms[0].source.partition(" = ")[0]]
    others = [c.id for c in never if c.id not in lists]
    print(f"  established by every chain {len(every)}, by some {len(some)}, by none {len(never)}, of which")
    print(f"    {len(lists)} are about lists: {', '.join(lists)}")
    print(f"    {len(others)} are not: {', '.join(others)}", flush=True)


def _row(counts: Sequence[int]) -> str:
    return f"{' '.join(f'{count:3d}' for count in counts)}   mean {fmean(counts):.2f}"


def _sign(gains: Sequence[int]) -> str:
    """Return the p-value of the exact one-sided sign test over the pairs that differ."""
    differing = [gain for gain in gains if gain]
    wins = sum(gain > 0 for gain in differing)
    tail = sum(comb(len(differing), k) for k in range(wins, len(differing) + 1)) / 2 ** len(differing)
    return f"sign test p = {tail:.4g} ({len(gains) - len(differing)} ties)"


if __name__ == "__main__":
    main()
