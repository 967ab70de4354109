"""Measure what notes are worth to the explorer, beside every control: on alien theories that nobody has seen, with
equal evaluations in total.

    python3 benchmarks/controls.py
    python3 benchmarks/controls.py --seeds 3 --workers 4 --folder runs/controls
    python3 benchmarks/controls.py --markdown docs/controls.md

The endpoint is `established_depth_weighted_recall` after the last generation, 0 to 1. Each arm has the same theories,
one a seed, and is compared with `flat`, one researcher with the whole budget, seed by seed. `stateless` is the best of
as many researchers who pass nothing on. The notes of `foreign` are those of the same scheme on the next seed's theory.
With `--folder`, trials that are there are taken up and not run again.
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import planted
from trials import Done, Plan, carry_out, together

from analysis.stateless import best_stateless
from analysis.statistics.paired import DIFFERENCE, PairedDifferences
from relay.records.budget import Budget
from relay.records.version import installed_version
from relay.text import duration, quantity

TASK = "alien(q=5, layers=6, width=3, term_size=3)"
ENDPOINT = "established_depth_weighted_recall"
SCHEMES = ("journal", "ledger", "retrieval")
JUNK = "junk(k=16)"
CONTROLS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "foreign": ((), ()),
    "blank": (("blank",), ()),
    "shuffled": (("shuffled",), ()),
    "lost 0.2": (("lost(p=0.2)",), ()),
    "junk 16": ((), (JUNK,)),
    "oracle": ((), ("oracle",)),
}
"""Control -> hand-over steps and interventions. The step of `foreign` names a trial, so it is made for each."""

MANNERS = {
    "journal": ("shows the newest notes and marks none", False),
    "ledger": ("puts first, and marks, what was told to explain", True),
    "retrieval": ("begins with the newest notes and marks what was told to explain", True),
}
"""How a scheme orders its notes, and whether it is expected to keep most of its gain when there is junk among them."""

READING = """\
## How to read it

- Each layer of a theory is built on the one below. Whoever passes nothing on, or only what says nothing, stays in the
  first layer, with whatever budget.
- The explorer builds first on the definitions of which the page tells that they explain a phenomenon
  ([why](decisions.md#what-a-page-tells-to-explain-is-built-on-first)). A ledger and slips for retrieval say so beside
  each note; a journal does not, so there junk stands in the way. The explorer does not search slips: it has the newest.
- Notes on another theory call operations that this one does not have, so the explorer can't read them: for it they are
  worth nothing by construction, as blank ones are. What they do to a model is for a model to show.
- A ledger has one entry a statement. What is found again joins the entry that it has, so what `lost` takes from a
  ledger is lost for good; in a journal it is a new entry.
- The oracle gives back what a successor could not call. Where the notes hold all that was established it has nothing to
  give, and the arm is the chain itself. Which of many terms are tried depends on the order of the notes too, so an arm
  with the same notes in another order may be above it.
"""


@dataclass(frozen=True)
class Sizes:
    """How large the comparison is."""

    seeds: int
    generations: int
    evaluations: int
    """Of one tenure of a chain."""

    @property
    def total(self) -> int:
        """Evaluations of a whole trial, in every arm."""
        return self.generations * self.evaluations

    @property
    def arms(self) -> int:
        """Arms that are compared with `flat`."""
        return 2 + len(SCHEMES) * (1 + len(CONTROLS))


@dataclass(frozen=True)
class Arm:
    """The results of one arm, seed by seed."""

    name: str
    values: tuple[float, ...]
    spent: float
    """Evaluations of a trial, the mean over seeds."""

    @property
    def mean(self) -> float:
        """The mean over seeds."""
        return fmean(self.values)


def main() -> None:
    """Run the trials, print the table, and write the document on request."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=8, help="theories, at least 2")
    parser.add_argument("--generations", type=int, default=8)
    parser.add_argument("--evaluations", type=int, default=20_000, help="a tenure")
    parser.add_argument("--chains", type=int, default=planted.CHAINS, help="with a planted error")
    parser.add_argument("--workers", type=int, default=2, help="trials side by side")
    parser.add_argument("--folder", type=Path, help="keep the trials here, and take up those that are there")
    parser.add_argument("--markdown", type=Path, help="the document to write")
    options = parser.parse_args()
    if options.seeds < 2:
        parser.error("an interval needs --seeds 2 or more")
    sizes = Sizes(options.seeds, options.generations, options.evaluations)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (options.folder or Path(scratch)).absolute()
        arms = measured(sizes, folder, options.workers)
        errors = {
            at: list(carry_out(planted.plans(at, chains=options.chains), folder, options.workers)) for at in planted.AT
        }
    took = time.perf_counter() - begun
    text = [*title(sizes), *table(arms), "", *comparisons(arms), "", *errors_told(errors)]
    print("\n".join(text))
    if options.markdown:
        numbers = ("seeds", "generations", "evaluations", "chains", "workers")
        changed = [name for name in numbers if getattr(options, name) != parser.get_default(name)]
        given = [f"--{name} {getattr(options, name)}" for name in changed]
        command = " ".join(["python3 benchmarks/controls.py", *given, "--markdown docs/controls.md"])
        head = document_head(command, took, options.workers, sizes)
        body = [*markdown(arms), "", *expectations(arms), "", READING, *planted_section(errors, options.chains)]
        options.markdown.write_text("\n".join([*head, *body]) + "\n", encoding="utf-8")


# --- the trials ------------------------------------------------------------------------------------------------------


def measured(sizes: Sizes, folder: Path, workers: int) -> dict[str, Arm]:
    """Run every arm. The trials whose notes `foreign` shows come first."""
    budget = Budget(evaluations=sizes.evaluations)
    seeds = range(1, sizes.seeds + 1)

    def chain(label: str, notes: str, seed: int, steps: Sequence[str] = (), acts: Sequence[str] = ()) -> Plan:
        return Plan(
            label, TASK, notes, sizes.generations, seed, budget, handover=tuple(steps), interventions=tuple(acts)
        )

    whole = together(sizes.generations, budget)
    first = [Plan("flat", TASK, "none", 1, seed, whole) for seed in seeds]
    first += [chain(notes, notes, seed) for notes in ("none", *SCHEMES) for seed in seeds]
    done = list(carry_out(first, folder, workers))
    others = {plan: folder / plan.directory for plan in first}
    second = []
    for notes in SCHEMES:
        for control, (steps, acts) in CONTROLS.items():
            for seed in seeds:
                if control == "foreign":
                    following = others[chain(notes, notes, seed % sizes.seeds + 1)]
                    steps = (f"foreign(trial='{following}')",)
                second.append(chain(f"{notes} {control}", notes, seed, steps, acts))
    done += carry_out(second, folder, workers)
    by_label: dict[str, list[Done]] = {}
    for one in done:
        by_label.setdefault(one.plan.label, []).append(one)
    values = {label: [one.trial.rows[-1].measures[ENDPOINT] for one in all] for label, all in by_label.items()}
    values["stateless"] = [best_stateless(one.trial) for one in by_label["none"]]
    order = ["flat", "stateless", "none"]
    order += [name for notes in SCHEMES for name in (notes, *(f"{notes} {control}" for control in CONTROLS))]
    spent = {
        label: fmean(sum(row.spent.evaluations for row in one.trial.rows) for one in all)
        for label, all in by_label.items()
    }
    spent["stateless"] = spent["none"]
    return {name: Arm(name, tuple(values[name]), spent[name]) for name in order}


# --- as text ---------------------------------------------------------------------------------------------------------


def title(sizes: Sizes) -> Iterator[str]:
    """What is compared."""
    yield f"{TASK}, {quantity(sizes.seeds, 'theory').replace('theorys', 'theories')}"
    generations = quantity(sizes.generations, "generation")
    yield f"{generations} of at most {sizes.evaluations:,} evaluations, {sizes.total:,} in each arm"
    yield f"{ENDPOINT} after the last generation; difference to flat with its 95% interval"


def table(arms: Mapping[str, Arm]) -> Iterator[str]:
    """A line for each arm."""
    yield f"{'':20}{'mean':>7}{'difference':>12}{'interval':>20}{'p':>8}{'higher':>9}{'spent':>9}   by seed"
    for name, arm in arms.items():
        by_seed = " ".join(f"{value:.2f}" for value in arm.values)
        yield f"{name:20}{arm.mean:7.3f}{_cells(arm, arms['flat'])}{arm.spent:9,.0f}   {by_seed}"


def _cells(arm: Arm, flat: Arm) -> str:
    if arm is flat:
        return f"{'':12}{'':20}{'':8}{'':9}"
    paired = PairedDifferences.of(arm.values, flat.values)
    low, high = _bounds(paired)
    pairs = f"{paired.better} of {len(arm.values)}"
    return f"{paired.mean:+12.3f}{f'[{low:+.3f}, {high:+.3f}]':>20}{paired.sign_flip_p:8.4f}{pairs:>9}"


def _bounds(paired: PairedDifferences) -> tuple[float, float]:
    """The 95% interval of a mean difference; without bounds for one pair."""
    interval = paired.interval()
    return (-math.inf, math.inf) if interval is None else (interval.low, interval.high)


def comparisons(arms: Mapping[str, Arm]) -> Iterator[str]:
    """What was expected, and whether it is so."""
    for claim, holds, words in findings(arms):
        yield f"{'reproduced' if holds else 'contradicted'}: {claim}: {words}"


def errors_told(errors: Mapping[int, Sequence[Done]]) -> Iterator[str]:
    """What became of planted errors, in sum."""
    for at, done in errors.items():
        yield f"errors planted after generation {at}: {'; '.join(planted.sums(planted.errors_of(done)))}"


# --- what was expected -----------------------------------------------------------------------------------------------


def findings(arms: Mapping[str, Arm]) -> Iterator[tuple[str, bool, str]]:
    """Each expectation, whether it is reproduced, and the numbers that decide it."""
    flat, none = arms["flat"], arms["none"]
    for notes in SCHEMES:
        paired = PairedDifferences.of(arms[notes].values, flat.values)
        yield (
            f"`{notes}` beats `flat` in every pair",
            paired.better == paired.pairs,
            f"in {paired.better} of {paired.pairs}, by {paired.mean:+.3f} on average",
        )
    for notes, (manner, keeps) in MANNERS.items():
        gain, left = arms[notes].mean - flat.mean, arms[f"{notes} junk 16"].mean - flat.mean
        share = left / gain if gain else 0.0
        does = "keeps" if keeps else "loses"
        claim = f"with 16 junk notes a generation `{notes}`, which {manner}, {does} most of its gain"
        yield claim, (share > 0.5) == keeps, f"{left:+.3f} of {gain:+.3f} over `flat` is left, {share:.0%}"
    for notes in SCHEMES:
        paired = PairedDifferences.of(arms[f"{notes} foreign"].values, none.values)
        low, high = _bounds(paired)
        yield (
            f"foreign notes of `{notes}` are worth nothing",
            low <= 0 <= high or paired.mean < 0,
            f"{paired.mean:+.3f} [{low:+.3f}, {high:+.3f}] beside no notes",
        )
    for notes in SCHEMES:
        oracle = arms[f"{notes} oracle"]
        others = [arm for name, arm in arms.items() if name.split()[0] in (notes, "flat", "stateless", "none")]
        others.remove(oracle)
        best = max(others, key=lambda arm: arm.mean)
        yield (
            f"no arm of `{notes}` is above the oracle on average",
            best.mean <= oracle.mean + DIFFERENCE,
            f"`{best.name}` has {best.mean:.3f}, the oracle {oracle.mean:.3f}",
        )
        higher = {arm.name: PairedDifferences.of(arm.values, oracle.values).better for arm in others}
        pairs = sum(higher.values())
        worst = ", ".join(f"`{name}` {number}" for name, number in higher.items() if number)
        yield (
            f"nor is any of `{notes}` in any pair",
            pairs == 0,
            f"{pairs} of {len(higher) * len(oracle.values)} pairs are above it" + (f": {worst}" if worst else ""),
        )


# --- as a document ---------------------------------------------------------------------------------------------------


def document_head(command: str, took: float, workers: int, sizes: Sizes) -> Iterator[str]:
    """Title, command, and what is compared."""
    yield from f"""\
# What notes are worth, beside every control

Every number here is printed by one command, with relay {installed_version()}. On {quantity(workers, "core")} it took
{duration(took)}.

```bash
{command}
```

Researchers are explorers, without a model, on {sizes.seeds} theories that nobody has seen:
`{TASK}`. Each chain has {quantity(sizes.generations, "generation")} of at most
{sizes.evaluations:,} evaluations. `flat` is one researcher with all {sizes.total:,}, `stateless` the best of
{sizes.generations} who pass nothing on, and `none` what these establish together. The other arms are chains with notes;
[trials.md](trials.md#controls) says what each control does. `foreign` shows the notes of a chain with the same scheme
on the next theory.

The measure is `{ENDPOINT}` after the last generation, 0 to 1. Differences are to
`flat`, seed by seed: the mean, its 95% interval (Student's t), the exact two-sided p of flipping signs, and the number
of pairs in which the arm is higher. With {sizes.seeds} pairs no p can be below {2 / 2**sizes.seeds:.4f}, and after
Holm's correction for {sizes.arms} comparisons none below {min(1.0, sizes.arms * 2 / 2**sizes.seeds):.2f}. So read the
intervals and the pairs, not p. Whoever has explained all that is in reach stops, so not every arm spends its whole
budget.
""".split("\n")


def markdown(arms: Mapping[str, Arm]) -> Iterator[str]:
    """The table."""
    yield "| arm | mean | difference to `flat` | 95% interval | p | higher in | evaluations |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for name, arm in arms.items():
        if name == "flat":
            yield f"| `{name}` | {arm.mean:.3f} | | | | | {arm.spent:,.0f} |"
            continue
        paired = PairedDifferences.of(arm.values, arms["flat"].values)
        low, high = _bounds(paired)
        pairs = f"{paired.better} of {len(arm.values)}"
        first, _, control = name.partition(" ")
        spelt = f"`{first}`, {control}" if control else f"`{first}`"
        cells = (
            f"{arm.mean:.3f}",
            f"{paired.mean:+.3f}",
            f"{low:+.3f} to {high:+.3f}",
            f"{paired.sign_flip_p:.4f}",
            pairs,
        )
        yield f"| {' | '.join((spelt, *cells))} | {arm.spent:,.0f} |"


def expectations(arms: Mapping[str, Arm]) -> Iterator[str]:
    """What was expected before, and what the numbers say of it."""
    yield "## What was expected"
    yield ""
    yield "| expectation | | numbers |"
    yield "| --- | --- | --- |"
    for claim, holds, words in findings(arms):
        yield f"| {claim} | {'reproduced' if holds else '**contradicted**'} | {words} |"


def planted_section(errors: Mapping[int, Sequence[Done]], chains: int) -> Iterator[str]:
    """What became of planted errors."""
    yield "## A planted error"
    yield ""
    yield f"""\
In each of {chains} chains with a `ledger` one symbol of a true note is changed; the note goes on saying what was
told of it. `python3 benchmarks/planted.py` prints a line for each chain. The explorer sees at once that the table is
not explained. Whether it finds the right definition again depends on how much of its search is left for functions as
low as those that it is made of: with `--at 2 --evaluations 60000` nearly all are found."""
    yield ""
    for at, done in errors.items():
        yield f"- After generation {at}: {'; '.join(planted.sums(planted.errors_of(done)))}."


if __name__ == "__main__":
    main()
