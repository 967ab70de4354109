"""The explorer's answers: written within their room, and read back from a view.

Statements stand in a fence, where each costs a line and nothing more. Other actions are JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from relay.researcher.actions import State
from relay.researcher.answers import read_items
from relay.researcher.tokens import count_text

__all__ = ["Action", "acting", "actions_of", "sources_of", "stating"]

Action = dict[str, Any]

OPEN, CLOSE = "```relay\n", "```"


def stating(sources: Sequence[str], room: int) -> str:
    """An answer that states as many of the sources, in order, as `room` tokens allow."""
    used = count_text(OPEN) + count_text(CLOSE)
    for stated, source in enumerate(sources):
        used += count_text(f"{source}\n")
        if used > room:
            sources = sources[:stated]
            break
    if not sources:
        return acting([], room)
    return OPEN + "".join(f"{source}\n" for source in sources) + CLOSE


def acting(actions: Sequence[Action], room: int) -> str:
    """An answer with as many of the actions, in order, as `room` tokens allow; an `end` is always kept."""
    ending = [action for action in actions if action["action"] == "end"]
    kept: list[Action] = []
    used = count_text(json.dumps({"actions": ending})) + 2
    for action in actions:
        if action["action"] == "end":
            continue
        used += count_text(json.dumps(action)) + 1
        if used > room:
            break
        kept.append(action)
    return json.dumps({"actions": [*kept, *ending]})


def actions_of(answer: str) -> list[Action]:
    """The whole actions of an answer in order, whatever its form and even if it was cut; none if it can't be read."""
    actions: list[Action] = []
    for item in read_items(answer, cut=True):
        if isinstance(item, State):  # from a fence
            item = {"action": item.action, "source": item.source}
        actions.append(item if isinstance(item, dict) else {})
    return actions


def sources_of(answer: str) -> list[str]:
    """The statements that an answer states, in order."""
    sources = (action.get("source") for action in actions_of(answer) if action.get("action") == "state")
    return [source for source in sources if isinstance(source, str)]
