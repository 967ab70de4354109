"""What is said of a trial before it starts, and where it goes when nobody says where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from relay.components import told_agent
from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.records.prices import plain
from relay.records.trial_files import trials_directory
from relay.text import quantity

__all__ = ["default_directory", "each_has", "most_money", "preface", "probe_directory"]

TIMES = {"alien": "less than 20 seconds", "linear_algebra": "less than 3 minutes"}
"""What a trial takes on 2 cores when all options keep their defaults; docs/trials.md says the same."""

WRITING = 80
"""Tokens a second at which the time of a model's answers is told: about what one with 8 billion weights writes for one
reader on one GPU. Researchers side by side write at the same time."""

USUAL = {"agent": "explorer", "notes": "", "memory": "fresh", "truth": "shown"}
"""Components that a directory's name leaves out; the note scheme is always in it."""


def preface(condition: Condition) -> str:
    """What is about to run, and the time that it takes where that is known. Defaults are written out, but for those of
    a language model."""
    budget = condition.budget
    people = quantity(condition.width, "researcher") + (" side by side" if condition.width > 1 else "")
    chain = quantity(condition.generations, "generation")
    each = each_has(budget)
    if budget.money is not None and condition.prices is not None:
        each = f"{each}, {budget.money:,f} {condition.prices.currency}"
    return (
        f"{condition.task.briefly()}, {told_agent(condition.agent).briefly()}, "
        f"notes {condition.notes.briefly()}, memory {condition.memory.briefly()}, truth {condition.truth.briefly()}, "
        f"seed {condition.seed}\n"
        f"{chain} of {people}; each has {each}{_takes(condition)}{_costs(condition)}"
    )


def each_has(budget: Budget) -> str:
    """What each researcher may spend, money left out."""
    parts = [quantity(budget.turns, "turn"), quantity(budget.tokens, "token", ",")]
    parts.append(f"a context of {budget.context:,}")
    if budget.answer is not None:
        parts.append(f"answers of {budget.answer:,}")
    parts.append(quantity(budget.evaluations, "evaluation", ","))
    if budget.seconds is not None:
        parts.append(quantity(budget.seconds, "second", ",g"))
    return ", ".join(parts)


def most_money(condition: Condition) -> Decimal | None:
    """What a trial can cost at most, in the currency of its prices; None where it has none."""
    budget, prices = condition.budget, condition.prices
    if prices is None:
        return None
    each = max(prices.at_most(budget.tokens, 0), prices.at_most(0, budget.tokens))  # all of them the dearer kind
    if budget.money is not None:
        each = min(each, budget.money)
    return plain(each * condition.generations * condition.width)


def default_directory(task: str, components: Mapping[str, str], numbers: Mapping[str, float | str], seed: int) -> Path:
    """Named after what was asked for, so that the same command finds its trial again and another does not meet it.

    `numbers`: the options of chain, budget and prices that were given. The parent is `RELAY_LOG_DIR`, or `runs`.
    """
    words = [_stem(task)]
    words += [value for name, value in components.items() if value != USUAL[name]]
    words += [f"{name}{value}".removesuffix(".0") for name, value in numbers.items()]
    return _named(words, seed)


def probe_directory(task: str, agent: str, numbers: Mapping[str, float | str], seed: int) -> Path:
    """The same for a probe; the agent is always in its name."""
    return _named(["probe", _stem(task), agent, *(f"{name}{value}" for name, value in numbers.items())], seed)


def _stem(task: str) -> str:
    return Path(task).stem if task.lower().endswith((".yaml", ".yml")) else task


def _named(words: Iterable[str], seed: int) -> Path:
    plain = [re.sub(r"[^A-Za-z0-9.]+", "-", word.replace("=", "")).strip("-.") for word in words]
    return trials_directory() / "-".join([*filter(None, plain), f"s{seed}"])


def _costs(condition: Condition) -> str:
    most = most_money(condition)
    return "" if most is None or condition.prices is None else f"; costs at most {most:,f} {condition.prices.currency}"


def _takes(condition: Condition) -> str:
    model = condition.agent.parameters.get("model")
    real = isinstance(model, Mapping) and model.get("name") != "mock"
    if real and condition.budget.answer is not None:
        written = condition.generations * condition.budget.turns * condition.budget.answer
        minutes = -(-written // (60 * WRITING))
        return f"; takes at most {quantity(minutes, 'minute')} if the model writes {WRITING} tokens a second"
    usual = Condition.model_fields
    same = all(getattr(condition, name) == usual[name].default for name in ("budget", "generations", "width"))
    known = TIMES.get(condition.task.name) if same and condition.agent.name == "explorer" else None
    return f"; takes {known} on 2 cores" if known else ""
