"""Measure the errors of `mock/judge`, whose rates are known, as `relay show` does: on alien theories, by a researcher
that states many claims at random, most of which are false.

    python3 benchmarks/judge.py                                     # accepts 30% of false claims; 10 trials
    python3 benchmarks/judge.py --accepts-false 0.1 --trials 40
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from analysis.intervals import share_interval
from analysis.trials import Trial, read_trial
from relay.records.budget import Budget
from relay.records.spec import ComponentSpec
from relay.records.task import Given
from relay.seeds import integer_generator
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.setup import task_of
from relay.trial.trial import run_trial

DEFINITIONS, CLAIMS = 8, 40
BUDGET = Budget(turns=4, tokens=1_000_000, context=100_000, evaluations=1_000_000)


def main() -> None:
    """Run the trials, and print a row for each and one for all together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accepts-false", type=float, default=0.3)
    parser.add_argument("--refuses-true", type=float, default=0.1)
    parser.add_argument("--trials", type=int, default=10)
    options = parser.parse_args()
    truth = f"judge(model=mock/judge(accepts_false={options.accepts_false}, refuses_true={options.refuses_true}))"
    print(f"{'seed':>4}  false claims told to be true, with a 95% interval")
    accepted = false = covered = 0
    for seed in range(1, options.trials + 1):
        with tempfile.TemporaryDirectory() as scratch:
            counted = measured(Path(scratch) / "trial", truth, seed).opinions.counted
        low, high = share_interval(counted.accepted_false, counted.false)
        covered += low <= options.accepts_false <= high
        print(f"{seed:>4}  {counted.words()}")
        accepted, false = accepted + counted.accepted_false, false + counted.false
    low, high = share_interval(accepted, false)
    print(f" all  {accepted} of {false} ({accepted / max(false, 1):.1%}, {low:.1%} to {high:.1%}); the rate is")
    print(f"      {options.accepts_false:.1%}, and {covered} of {options.trials} intervals cover it")


def measured(where: Path, truth: str, seed: int) -> Trial:
    """Return a trial in which one researcher states many claims."""
    plain = resolve_condition("alien", agent="scripted", seed=seed)
    lines = json.dumps({"actions": statements(task_of(plain).given, seed)})
    agent = ComponentSpec(name="scripted", parameters={"lines": [lines]})
    schemes = Schemes(notes="none", truth=truth)
    chosen = resolve_condition("alien", agent=agent, schemes=schemes, budget=BUDGET, generations=1, seed=seed)
    asyncio.run(run_trial(chosen, where, workers=1))
    return read_trial(where)


def statements(given: Given, seed: int) -> list[dict[str, Any]]:
    """Return definitions of random terms, and claims that two of them are equal."""
    rng = integer_generator(seed)
    binary = [operation.name for operation in given.operations if len(operation.parameters) == 2]
    sort = given.sorts[0].name
    header = f"(x: {sort}, y: {sort})"

    def term(depth: int) -> str:
        if depth == 0:
            return str(rng.choice(["x", "y"]))
        return f"{rng.choice(binary)}({term(depth - 1)}, {term(int(rng.integers(depth)))})"

    found = [f"define d{number}{header} -> {sort} = {term(2)}" for number in range(DEFINITIONS)]
    for _ in range(CLAIMS):
        one, other = rng.choice(DEFINITIONS, 2, replace=False)
        left, right = ("x, y", "y, x") if rng.random() < 0.5 else ("x, x", "x, y")
        found.append(f"claim {header}: d{one}({left}) == d{other}({right})")
    return [{"action": "state", "source": source} for source in found]


if __name__ == "__main__":
    main()
