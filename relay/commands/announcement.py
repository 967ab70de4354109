"""The preface that is printed before a trial starts, and the default name of a trial's directory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from relay.components import told_agent
from relay.records.budget import Budget
from relay.records.condition import FILES, Condition
from relay.records.prices import plain
from relay.records.spec import TASK_FILE, ComponentSpec, named_task
from relay.records.trial_files import trials_directory
from relay.text import quantity

__all__ = ["default_directory", "each_has", "most_money", "preface", "probe_directory"]

TIMES = {"alien": "less than 5 seconds", "linear_algebra": "less than 3 minutes"}
"""Task -> duration of a trial on 2 cores with all defaults. docs/trials.md quotes the same durations."""

LONGEST = 200
"""Most letters of a directory's name. File systems take 255, and a trial that is set aside gets a longer name."""

DIGITS = 8
"""Digits of the digest at the end of a name that is cut."""

WRITING = 80
"""Tokens a second, for the estimated duration of a model's answers: about the speed of a model with 8 billion weights
for one researcher on one GPU. Researchers of one generation write at the same time."""

USUAL = {"agent": "explorer", "notes": "", "memory": "fresh", "truth": "shown"}
"""Component -> the value that a directory's name leaves out. The note scheme is always in the name."""


def preface(condition: Condition) -> str:
    """Describe the trial that is about to run, with its duration and cost where they are known.

    Default parameters are written out too, except those of a language model, which has too many.
    """
    budget = condition.budget
    people = quantity(condition.width, "researcher") + (" side by side" if condition.width > 1 else "")
    chain = quantity(condition.generations, "generation")
    each = each_has(budget)
    if budget.money is not None and condition.prices is not None:
        each = f"{each}, {budget.money:,f} {condition.prices.currency}"
    return (
        f"{_task_words(condition.task)}, {told_agent(condition.agent).briefly()}, "
        f"notes {condition.notes.briefly()}, memory {condition.memory.briefly()}, truth {condition.truth.briefly()}, "
        f"{_controls(condition)}seed {condition.seed}\n"
        f"{chain} of {people}; each has {each}{_takes(condition)}{_costs(condition)}"
    )


def _controls(condition: Condition) -> str:
    """Spell what makes a trial a control, and who its researchers are, if anything does, with a comma behind each."""
    steps = [f"hand-over {step.briefly()}, " for step in condition.handover]
    acts = [f"intervention {each.briefly()}, " for each in condition.interventions]
    return "".join([*steps, *acts, *(f"persona {name.removeprefix(f'{FILES}/')}, " for name in condition.personas)])


def _task_words(task: ComponentSpec) -> str:
    """Spell the task. A task file is called by its name without the folder, as in the name of the directory."""
    if task.name == TASK_FILE:
        task = named_task(task, Path(str(task.parameters["path"])).stem)
    return task.briefly()


def each_has(budget: Budget) -> str:
    """Describe the budget of each researcher, without money."""
    parts = [quantity(budget.turns, "turn"), quantity(budget.tokens, "token", ",")]
    parts.append(f"a context of {budget.context:,}")
    if budget.answer is not None:
        parts.append(f"answers of {budget.answer:,}")
    parts.append(quantity(budget.evaluations, "evaluation", ","))
    if budget.seconds is not None:
        parts.append(quantity(budget.seconds, "second", ",g"))
    return ", ".join(parts)


def most_money(condition: Condition) -> Decimal | None:
    """Return the upper bound of a trial's cost in the currency of its prices; None if it has no prices."""
    budget, prices = condition.budget, condition.prices
    if prices is None:
        return None
    # The budget bounds input and output tokens together, so the worst case spends all of them on the dearer kind.
    each = max(prices.at_most(budget.tokens, 0), prices.at_most(0, budget.tokens))
    if budget.money is not None:
        each = min(each, budget.money)
    return plain(each * condition.generations * condition.width)


def default_directory(
    task: str,
    components: Mapping[str, str],
    numbers: Mapping[str, float | str],
    seed: int,
    controls: Iterable[str] = (),
) -> Path:
    """Return the directory of a trial, named after the options that were given.

    The same command finds its trial again, and a different command gets a different directory. `components` maps
    `agent`, `notes`, `memory` and `truth` to their spellings. `numbers` holds the options of chain, budget and prices
    that were given, and `controls` the spellings of hand-over steps, interventions and personas. The parent directory
    is `RELAY_LOG_DIR`, or `runs`.
    """
    words = [_stem(task)]
    words += [value for name, value in components.items() if value != USUAL[name]]
    words += controls
    words += [f"{name}{value}".removesuffix(".0") for name, value in numbers.items()]
    return _named(words, seed)


def probe_directory(task: str, agent: str, numbers: Mapping[str, float | str], seed: int) -> Path:
    """Return the directory of a probe, named like a trial's. It always contains the agent, which a probe is about."""
    return _named(["probe", _stem(task), agent, *(f"{name}{value}" for name, value in numbers.items())], seed)


def _stem(task: str) -> str:
    return Path(task).stem if task.lower().endswith((".yaml", ".yml")) else task


def _named(words: Iterable[str], seed: int) -> Path:
    plain = [re.sub(r"[^A-Za-z0-9.]+", "-", word.replace("=", "")).strip("-.") for word in words]
    name = "-".join([*filter(None, plain), f"s{seed}"])
    if len(name) > LONGEST:  # what is left out is told apart by a digest
        name = f"{name[: LONGEST - DIGITS - 1]}-{sha256(name.encode()).hexdigest()[:DIGITS]}"
    return trials_directory() / name


def _costs(condition: Condition) -> str:
    most = most_money(condition)
    return "" if most is None or condition.prices is None else f"; costs at most {most:,f} {condition.prices.currency}"


def _takes(condition: Condition) -> str:
    model = condition.agent.parameters.get("model")
    real = isinstance(model, Mapping) and model.get("name") != "mock"
    # Models read prompts far faster than they write, so only answers count. Unbounded answers have no estimate.
    if real and condition.budget.answer is not None:
        written = condition.generations * condition.budget.turns * condition.budget.answer
        minutes = -(-written // (60 * WRITING))  # rounded up
        return f"; takes at most {quantity(minutes, 'minute')} if the model writes {WRITING} tokens a second"
    usual = Condition.model_fields
    same = all(getattr(condition, name) == usual[name].default for name in ("budget", "generations", "width"))
    known = TIMES.get(condition.task.name) if same and condition.agent.name == "explorer" else None
    return f"; takes {known} on 2 cores" if known else ""
