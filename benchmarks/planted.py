"""Plant an error of one symbol in a true note of each of 20 chains, and follow what becomes of it: when it is found,
how and by whom, who read it and who repeated it, and after how many generations half of the errors have been found.

    python3 benchmarks/planted.py
    python3 benchmarks/planted.py --notes journal --generations 12 --at 3

The error is put there after generation 1, and in as many other chains after generation 2: then it is in what builds on
the notes of the first.

Researchers are explorers, without a model. `analysis.planted` says what counts as found and as repeated.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from trials import Done, Plan, carry_out

from analysis.planted import PlantedError, half_life
from relay.records.budget import Budget
from relay.text import quantity

TASK = "alien(q=5, layers=6, width=3, term_size=3)"
CHAINS, GENERATIONS, AT = 20, 8, (1, 2)
EVALUATIONS = 20_000


def main() -> None:
    """Run the chains and print what became of the errors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", default=TASK)
    parser.add_argument("--notes", default="ledger")
    parser.add_argument("--chains", type=int, default=CHAINS)
    parser.add_argument("--generations", type=int, default=GENERATIONS)
    parser.add_argument("--at", type=int, nargs="+", default=AT, help="generations after which an error is planted")
    parser.add_argument("--evaluations", type=int, default=EVALUATIONS, help="a tenure")
    parser.add_argument("--workers", type=int, default=2, help="trials side by side")
    parser.add_argument("--folder", type=Path, help="keep the trials here, and take up those that are there")
    options = parser.parse_args()
    sizes = (options.task, options.notes, options.chains, options.generations, options.evaluations)
    planned = [plan for at in options.at for plan in plans(at, *sizes)]
    with tempfile.TemporaryDirectory() as scratch:
        done = list(carry_out(planned, options.folder or Path(scratch), options.workers))
    print(f"{options.task}, notes {options.notes}, {quantity(options.generations, 'generation')}")
    for at in options.at:
        print(f"planted after generation {at}")
        for line in lines([one for one in done if one.plan in plans(at, *sizes)]):
            print(f"  {line}")


def plans(
    at: int,
    task: str = TASK,
    notes: str = "ledger",
    chains: int = CHAINS,
    generations: int = GENERATIONS,
    evaluations: int = EVALUATIONS,
) -> list[Plan]:
    """The trials: one chain a seed, each with one error."""
    error, budget = (f"planted(at={at})",), Budget(evaluations=evaluations)
    return [
        Plan(f"{notes} planted {at}", task, notes, generations, seed, budget, interventions=error)
        for seed in range(1, chains + 1)
    ]


def lines(done: Sequence[Done]) -> Iterator[str]:
    """A line for each chain, and the sums."""
    for one in done:
        for error in one.trial.planted:
            yield f"seed {one.plan.seed:2d}: {error.words()}"
        if not one.trial.planted:
            yield f"seed {one.plan.seed:2d}: no note could have an error"
    yield from sums(errors_of(done))


def errors_of(done: Sequence[Done]) -> list[PlantedError]:
    """The errors of all chains."""
    return [error for one in done for error in one.trial.planted]


def sums(errors: Sequence[PlantedError]) -> Iterator[str]:
    """What became of all errors together."""
    found = [error for error in errors if error.found is not None]
    how = Counter(error.how for error in found)
    told = ", ".join(
        f"{number} {word}" for word, number in sorted(how.items(), key=lambda item: (-item[1], str(item[0])))
    )
    yield f"planted {len(errors)}, found {len(found)}" + (f" ({told})" if told else "")
    half = half_life(errors)
    yield "half-life: " + ("fewer than half were found" if half is None else quantity(half, "generation"))
    readers = sum(len(error.readers) for error in errors)
    repeaters = sum(len(error.repeaters) for error in errors)
    yield f"read by {quantity(readers, 'tenure')}, repeated by {repeaters}"
    standing = sum(error.stands for error in errors)
    yield f"still in the notes at the end: {standing} of {len(errors)}"


if __name__ == "__main__":
    main()
