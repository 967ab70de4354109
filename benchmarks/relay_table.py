"""Compare how many concepts of alien theories are established in three conditions: by a chain with notes, by a chain
without notes, and by one researcher with the budget of the whole chain. All use the same seeds and theories.

    python3 benchmarks/relay_table.py                              # the whole table
    python3 benchmarks/relay_table.py --seeds 2 --generations 6    # a short run
    python3 benchmarks/relay_table.py --figure docs/relay.svg      # also draw the README's figure
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, MultipleLocator
from trials import Done, Plan, carry_out, together

from analysis import style
from relay.records.budget import Budget

TASK = "alien(q=5, layers=6, width=3, term_size=3)"
CHAIN, ALONE, LONG = "ledger", "none", "one long tenure"
COLOURS = {CHAIN: style.BLUE, ALONE: style.ORANGE, LONG: style.GREEN}


def main() -> None:
    """Run the trials, print the table, and draw the figure on request."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", default=TASK)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--generations", type=int, default=12)
    parser.add_argument("--evaluations", type=int, default=20_000, help="a tenure")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--figure", type=Path, help="where to draw the curves")
    parser.add_argument("--out", type=Path, help="keep the trials here, and take up those that are there")
    options = parser.parse_args()

    budget = Budget(evaluations=options.evaluations)
    seeds = range(1, options.seeds + 1)
    plans = [
        Plan(label, options.task, label, options.generations, s, budget) for label in (CHAIN, ALONE) for s in seeds
    ]
    long = together(options.generations, budget)
    plans += [Plan(LONG, options.task, CHAIN, 1, seed, long) for seed in seeds]
    with tempfile.TemporaryDirectory() as scratch:
        done = list(carry_out(plans, options.out or Path(scratch), options.processes))
    report(done, options.generations)
    if options.figure:
        draw(done, options.generations, options.figure)


def report(done: Sequence[Done], generations: int) -> None:
    """Print the table: a row for each condition, a column for each seed."""
    total = len(done[0].trial.task.concepts)
    print(f"{done[0].plan.task}, {generations} generations, concepts established of {total}")
    means = {}
    for label in (CHAIN, ALONE, LONG):
        counts = [one.established for one in done if one.plan.label == label]
        means[label] = fmean(counts)
        print(f"{label:>16}  mean {means[label]:5.2f}   by seed {' '.join(f'{count:2d}' for count in counts)}")
    for label in (ALONE, LONG):
        ratio = f"{means[CHAIN] / means[label]:.2f}" if means[label] else "beyond measure: nothing to divide by"
        print(f"{CHAIN} over {label}: {ratio}")
    print(f"slowest trial {max(one.seconds for one in done):.1f} s")


def draw(done: Sequence[Done], generations: int, path: Path) -> None:
    """Draw established concepts over generations: a thin line for each trial, a heavy one for the mean, and a level for
    the one long tenure."""
    total = len(done[0].trial.task.concepts)
    with style.styled():
        figure = Figure(figsize=(7.2, 3.6))
        figure.subplots_adjust(left=0.085, right=0.74, top=0.9, bottom=0.135)
        axes = figure.subplots()
        for label in (CHAIN, ALONE):
            curves = [[len(row.established) for row in one.trial.rows] for one in done if one.plan.label == label]
            for curve in curves:
                axes.plot(range(1, len(curve) + 1), curve, color=COLOURS[label], linewidth=0.7, alpha=0.35)
            mean = [fmean(column) for column in zip(*curves, strict=True)]
            axes.plot(range(1, len(mean) + 1), mean, color=COLOURS[label], linewidth=2.4)
        level = fmean(one.established for one in done if one.plan.label == LONG)
        axes.axhline(level, color=COLOURS[LONG], linewidth=1.8, linestyle=(0, (5, 3)))
        ends = {
            "a chain that\npasses on notes": (mean_at_end(done, CHAIN), CHAIN),
            "the same chain\nwithout notes": (mean_at_end(done, ALONE), ALONE),
            "one researcher with\nthe whole chain's budget": (level, LONG),
        }
        for text, height in spread({text: end for text, (end, _) in ends.items()}, total * 0.16).items():
            axes.annotate(
                text, (1.015, height), xycoords=("axes fraction", "data"), va="center", fontsize=8.5,
                color=COLOURS[ends[text][1]], fontweight="bold",
            )  # fmt: skip
        axes.axhline(total, color=style.GREY, linewidth=0.9, linestyle=(0, (2, 2)))
        axes.set(xlim=(1, generations), ylim=(0, total * 1.05), xlabel="generation", ylabel="concepts established")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_locator(MultipleLocator(3))
        axes.grid(axis="y", linewidth=0.6)
        seeds = len({one.plan.seed for one in done})
        axes.set_title(f"Theories of {total} concepts that nobody has seen, {seeds} seeds", fontweight="bold")
        style.save(figure, path)


def mean_at_end(done: Sequence[Done], label: str) -> float:
    """Return the mean number of concepts that the trials of a condition established."""
    return fmean(one.established for one in done if one.plan.label == label)


def spread(heights: dict[str, float], apart: float) -> dict[str, float]:
    """Return the heights of labels, moved up as far as needed to keep them `apart`."""
    placed: dict[str, float] = {}
    floor = float("-inf")
    for text, height in sorted(heights.items(), key=lambda item: (item[1], item[0])):
        floor = max(height, floor + apart)
        placed[text] = floor
    return placed


if __name__ == "__main__":
    main()
