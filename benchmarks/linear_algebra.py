"""Linear algebra, paired by seed: a chain with notes against one researcher without notes who has as many evaluations,
turns and tokens as the whole chain; for the brief that shows nothing (`blind`) and the one with worked examples.

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

from trials import LIFE, Done, Plan, carry_out, lives

from relay.budget import Budget
from relay.condition import Condition

GENERATIONS = int(Condition.model_fields["generations"].default)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--briefs", nargs="+", default=["blind", "problems"])
    parser.add_argument("--generations", type=int, default=GENERATIONS)
    parser.add_argument("--evaluations", type=int, default=LIFE.evaluations, help="a tenure of the chain")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, help="keep the trials here, and take up those that are there")
    options = parser.parse_args()

    life = Budget(evaluations=options.evaluations)
    seeds = range(1, options.seeds + 1)
    with tempfile.TemporaryDirectory() as scratch:
        for brief in options.briefs:
            task = f"linear_algebra(brief={brief})"
            plans = []
            for seed in seeds:
                plans.append(Plan(f"{brief}-chain", task, "ledger", options.generations, seed, life))
                alone = lives(options.generations, life)
                plans.append(Plan(f"{brief}-alone", task, "none", 1, seed, alone))
            done = list(carry_out(plans, options.out or Path(scratch), options.processes))
            report(brief, options.generations, done)


def report(brief: str, generations: int, done: Sequence[Done]) -> None:
    """Both counts for each seed, in how many the chain is ahead, and how surprising that would be by a coin."""
    pairs = list(zip(done[::2], done[1::2], strict=True))
    total = len(done[0].trial.task.concepts)
    print(f"linear_algebra, {brief}: {generations} generations, concepts established of {total}")
    print(f"  chain  {' '.join(f'{chain.established:3d}' for chain, _ in pairs)}   mean {_mean(pairs, 0):.2f}")
    print(f"  alone  {' '.join(f'{alone.established:3d}' for _, alone in pairs)}   mean {_mean(pairs, 1):.2f}")
    ahead = sum(chain.established > alone.established for chain, alone in pairs)
    print(f"  chain ahead in {ahead} of {len(pairs)} pairs; {_sign(pairs)}")
    alone_mean = _mean(pairs, 1)
    print(f"  ratio of means {_mean(pairs, 0) / alone_mean:.2f}" if alone_mean else "  alone: nothing at all")
    print(f"  slowest chain {max(chain.seconds for chain, _ in pairs):.1f} s", flush=True)


def _mean(pairs: Sequence[tuple[Done, Done]], side: int) -> float:
    return fmean(pair[side].established for pair in pairs)


def _sign(pairs: Sequence[tuple[Done, Done]]) -> str:
    """Exact one-sided sign test over the pairs that differ."""
    gains = [chain.established - alone.established for chain, alone in pairs if chain.established != alone.established]
    wins = sum(gain > 0 for gain in gains)
    tail = sum(comb(len(gains), k) for k in range(wins, len(gains) + 1)) / 2 ** len(gains)
    return f"sign test p = {tail:.4g} ({len(pairs) - len(gains)} ties)"


if __name__ == "__main__":
    main()
