"""The prompt of the language-model researcher.

Shared parts come first, so that a model's prefix cache can reuse them: the rules are the same for every task, the task
is the same for every tenure of a trial, the notes are the same for a generation, and the turns only grow. The remaining
budget stands at the end of the last message.
"""

from __future__ import annotations

from relay.notation.reference import summary
from relay.researcher.identity_cache import IdentityCache
from relay.researcher.observation import Message, Observation, TenureView
from relay.researcher.prompting import conversation, ending, the_task

__all__ = ["render"]

ACTIONS = """\
  {"action": "state", "source": "..."}    state one definition or claim; costs 1 evaluation
  {"action": "evaluate", "term": "..."}   the value of a term without free names; costs 1 evaluation
  {"action": "end"}                       end your time before your budget is spent"""

SIZE = "A statement may have at most {size} nodes: each number, name, operation and call in it is one."

HANDED_ON = """\
This conversation is handed on: your successor reads the end of it before their own, as much as there is room for."""

_SYSTEM: IdentityCache[str] = IdentityCache()
"""First messages, kept since they are the same for a whole tenure."""


def render(view: TenureView, rules: str) -> tuple[Message, ...]:
    """The whole prompt for the next answer. `rules` is a text as returned by `read_rules`."""
    observation = view.observation
    system = _SYSTEM.of(observation, lambda: _system(observation, rules), rules)
    return conversation(view, system, ending(view))


def _system(observation: Observation, rules: str) -> str:
    """The first message. If the rules do not include the notation, a short summary of it is placed with the task."""
    answering = [SIZE]
    if "{notation}" not in rules:
        answering.append("{notation}")
    if observation.passes_messages:
        answering.append(HANDED_ON)
    return "\n\n".join([_fixed(observation, rules), the_task(observation, "\n\n".join(answering))])


def _fixed(observation: Observation, rules: str) -> str:
    notation = summary(observation.given.scalars)
    return rules.strip().replace("{actions}", ACTIONS).replace("{notation}", notation)
