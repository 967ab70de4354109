"""Measure what each sentence of the prompt is worth to a model: the whole prompt against the prompt without it.

    python3 benchmarks/ablation.py --model mock/explorer --task alien --seeds 4
    python3 benchmarks/ablation.py --model openai/my-model --task linear_algebra --seeds 8 --sentences counts nodes

Trials are paired by seed: the same theory, without one sentence (`--agent 'llm(without=[NAME])'`), and at last without
all of them. The table has the mean difference to the whole prompt over the seeds, and its 95% interval (Student's t,
one degree of freedom less than seeds). A sentence that the task's prompt does not have is not tried. `mock/explorer`
reads no sentence, so that only its tokens differ: that shows that the program works, not what the sentences are worth.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from trials import Done, Plan, carry_out

from agents.llm.prompt import conditions
from agents.llm.rules import read_rules, sentences
from agents.selection import choose_agent
from analysis.statistics.paired import t_interval
from relay.commands.arguments import task_spec
from relay.records.budget import Budget
from relay.trial.resolve import resolve_condition
from relay.trial.setup import task_of

WHOLE, NONE = "whole prompt", "no sentence at all"

MEASURES: dict[str, Callable[[Done], float]] = {
    "concepts": lambda done: done.established,
    "usable answers": lambda done: done.trial.form.answers - done.trial.form.lost_turns,
    "turns lost": lambda done: done.trial.form.lost_turns,
    "tokens": lambda done: done.trial.spent.tokens,
}


def main() -> None:
    """Run the trials, and print the table or the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="provider/name, as for relay run")
    parser.add_argument("-M", dest="options", action="append", default=[], metavar="KEY=VALUE", help="of the model")
    parser.add_argument("--task", default="alien")
    parser.add_argument("--notes", default="ledger")
    parser.add_argument("--seeds", type=int, default=4, help="at least 2")
    parser.add_argument("--generations", type=int, default=1)
    parser.add_argument("--turns", type=int, help="of a tenure; default: as many as relay run gives a model")
    parser.add_argument("--sentences", nargs="+", metavar="NAME", help="only these; default: all of the task's prompt")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, help="keep the trials here, and take up those that are there")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.seeds < 2:
        parser.error("an interval needs two seeds; give --seeds 2 or more")
    every = sentences(read_rules("rules"))
    if unknown := [name for name in options.sentences or () if name not in every]:
        parser.error(f"the rules have no sentence {unknown[0]}; their sentences are: {', '.join(every)}")

    plans = plan(options)
    print(f"{len(plans)} trials of {options.task}: {', '.join(arms(plans))}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        done = list(carry_out(plans, options.out or Path(scratch), options.processes))
    rows = compare(done)
    if options.json:
        print(
            json.dumps({"task": options.task, "model": options.model, "seeds": options.seeds, "arms": rows}, indent=2)
        )
    else:
        print(table(rows, f"{options.task}, {options.model}, {options.seeds} seeds"))


def plan(options: argparse.Namespace) -> list[Plan]:
    """One trial for each arm and seed. The first arm is the whole prompt."""
    chosen = choose_agent("llm", options.model, options.options)
    task = task_spec(options.task)
    usual = resolve_condition(task, agent=chosen.spec, generations=1, seed=1)
    given = task_of(usual).given
    shown = [
        name
        for name, condition in sentences(read_rules("rules")).items()
        if not condition or condition in conditions(given)
    ]
    left_out: dict[str, Sequence[str]] = {WHOLE: ()}
    left_out |= {f"without {name}": (name,) for name in shown if name in (options.sentences or shown)}
    left_out[NONE] = shown
    budget: Budget = usual.budget
    if options.turns:
        budget = budget.model_copy(update={"turns": options.turns})
    return [
        Plan(
            label=label,
            task=task,
            notes=options.notes,
            generations=options.generations,
            seed=seed,
            budget=budget,
            agent=chosen.told(without=list(names)).spec if names else chosen.spec,
        )
        for label, names in left_out.items()
        for seed in range(1, options.seeds + 1)
    ]


def arms(plans: Sequence[Plan]) -> list[str]:
    """The labels of the arms, in order."""
    return list(dict.fromkeys(plan.label for plan in plans))


def compare(done: Sequence[Done]) -> list[dict[str, Any]]:
    """For each arm and measure: the mean, and the mean difference to the whole prompt with its interval."""
    values = {
        (each.plan.label, each.plan.seed): {name: float(measure(each)) for name, measure in MEASURES.items()}
        for each in done
    }
    seeds = sorted({each.plan.seed for each in done})
    rows = []
    for label in arms([each.plan for each in done]):
        row: dict[str, Any] = {"arm": label}
        for name in MEASURES:
            differences = [values[label, seed][name] - values[WHOLE, seed][name] for seed in seeds]
            interval = t_interval(differences)
            row[name] = {
                "mean": fmean(values[label, seed][name] for seed in seeds),
                "difference": fmean(differences),
                "interval": None if interval is None else [interval.low, interval.high],
            }
        rows.append(row)
    return rows


def table(rows: Sequence[dict[str, Any]], title: str) -> str:
    """The comparison as text: means of the whole prompt, then differences to it."""
    width = max(len(row["arm"]) for row in rows)
    lines = [f"{title}; means, then differences to the whole prompt with 95% intervals"]
    lines.append(" " * width + "".join(f"{name:>26}" for name in MEASURES))
    for row in rows:
        whole = row["arm"] == WHOLE
        cells = [f"{row[name]['mean']:,.2f}" if whole else _difference(row[name]) for name in MEASURES]
        lines.append(f"{row['arm']:{width}}" + "".join(f"{cell:>26}" for cell in cells))
    return "\n".join(lines)


def _difference(cell: dict[str, Any]) -> str:
    low, high = cell["interval"]
    return f"{cell['difference']:+,.1f} [{low:+,.1f}, {high:+,.1f}]"


if __name__ == "__main__":
    main()
