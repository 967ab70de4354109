"""The prompt of the language-model researcher.

Shared parts come first, so that a model's prefix cache can reuse them: the rules are the same for every task, the task
is the same for every tenure of a trial, the notes are the same for a generation, and the turns only grow. The remaining
budget stands at the end of the last message.
"""

from __future__ import annotations

from collections.abc import Collection

from agents.llm.rules import put_together
from relay.notation.reference import summary
from relay.records.budget import Budget
from relay.records.task import Given
from relay.researcher.identity_cache import IdentityCache
from relay.researcher.observation import Message, Observation, TenureView
from relay.researcher.prompting import PRICE, actions_in_short, conversation, ending, offers, the_task

__all__ = ["conditions", "render"]

SIZE = f"""\
A statement, or a term, may have at most {{size}} nodes: every digit, name, operation and call in it is one.
{PRICE}"""

HANDED_ON = """\
This conversation is handed on: your successor reads the end of it before their own, as much as there is room for."""

SUMMARY_HANDED_ON = "Of this conversation your successor reads the latest summary that you were asked for."

_PROMPTS: IdentityCache[tuple[Message, ...]] = IdentityCache()
"""Whole prompts: the engine counts a prompt before it is sent."""
_SYSTEM: IdentityCache[str] = IdentityCache()
"""First messages, kept since they are the same for a whole tenure."""


def render(view: TenureView, rules: str, without: Collection[str] = ()) -> tuple[Message, ...]:
    """The whole prompt for the next answer. `rules` is a text as returned by `read_rules`; `without` names the
    sentences of it that are left out."""
    return _PROMPTS.of(view, lambda: _rendered(view, rules, without), (rules, *without))


def _rendered(view: TenureView, rules: str, without: Collection[str]) -> tuple[Message, ...]:
    observation = view.observation
    system = _SYSTEM.of(observation, lambda: _system(observation, rules, without), (rules, *without))
    return conversation(view, system, ending(view))


def conditions(given: Given) -> tuple[str, ...]:
    """Which conditions of sentences hold in a task."""
    held = {"scalars": given.scalars, "sorts": bool(given.sorts)}
    return tuple(name for name, holds in held.items() if holds)


def _system(observation: Observation, rules: str, without: Collection[str]) -> str:
    """The first message. If the rules do not include the notation, a short summary of it is placed with the task."""
    answering = [SIZE]
    if "{notation}" not in rules:
        answering.append("{notation}")
    if observation.passes_messages:
        answering.append(SUMMARY_HANDED_ON if observation.passes_messages == "summary" else HANDED_ON)
    return "\n\n".join([_fixed(observation, rules, without), the_task(observation, "\n\n".join(answering))])


def _fixed(observation: Observation, rules: str, without: Collection[str]) -> str:
    given = observation.given
    sorts = tuple(sort.name for sort in given.sorts)
    text = put_together(rules, conditions(given), without)
    paid = [f"`{name}`" for name in ("state", "evaluate", "match") if name == "state" or offers(observation, name)]
    # the notation comes last, since nothing in it is to be filled in
    filled = {
        "{type}": next(iter(sorts), "Scalar"),
        "{ends}": _listed(_budgeted(observation.budget), "or"),
        "{paid}": _listed(paid, "and"),
        "{actions}": actions_in_short(observation),
        "{notation}": summary(given.scalars, sorts),
    }
    for place, words in filled.items():
        text = text.replace(place, words)
    return text


def _budgeted(budget: Budget) -> list[str]:
    """What a life may run out of. Time and money are told only if they are budgeted."""
    more = {"seconds": budget.seconds, "money": budget.money}
    return ["turns", "tokens", *(name for name, most in more.items() if most is not None)]


def _listed(words: list[str], before_last: str) -> str:
    """Words in a sentence: `a, b or c`."""
    return f" {before_last} ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
