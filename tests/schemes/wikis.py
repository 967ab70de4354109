"""Lives under a wiki: actions in its form, and a tenure's replies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from relay.researcher.observation import TenureView
from relay.researcher.turn import TurnContext
from tests.trial.helpers import condition, of_type, run
from tests.trial.puppets import puppet

Action = dict[str, Any]


def view(page: str, lines: str = "") -> Action:
    return {"action": "view", "page": page, "lines": lines}


def create(title: str, text: str, sure: str = "") -> Action:
    return {"action": "create", "title": title, "text": text, "sure": sure}


def str_replace(page: str, old: str, new: str, sure: str = "") -> Action:
    return {"action": "str_replace", "page": page, "old": old, "new": new, "sure": sure}


def insert(page: str, line: int | str, text: str, sure: str = "") -> Action:
    return {"action": "insert", "page": page, "line": line, "text": text, "sure": sure}


def delete(page: str) -> Action:
    return {"action": "delete", "page": page}


def rename(page: str, title: str) -> Action:
    return {"action": "rename", "page": page, "title": title}


def fenced(*sources: str) -> str:
    return "\n".join(["```relay", *sources, "```"])


def live(where: Path, *generations: Sequence[Action], notes: str = "wiki", **options: Any) -> list[TenureView]:
    """A trial in which each generation's researchers send these actions, in one answer; if `width` is above 1, the
    actions are a list of answers, one for each place. Returns what was seen at each turn."""
    views: list[TenureView] = []
    width = options.get("width", 1)

    def answer(view: TenureView, turn: TurnContext) -> str:
        if view.turns:
            return '{"actions": [{"action": "end"}]}'
        views.append(view)
        at, place = divmod(len(views) - 1, width)
        actions = generations[at] if width == 1 else generations[at][place]
        return json.dumps({"actions": actions})

    run(where, condition(agent=puppet("author", answer), notes=notes, generations=len(generations), **options))
    return views


def replies(where: Path, generation: int, tenure: int = 1) -> list[tuple[bool, str]]:
    """Whether each action of a tenure was carried out, and its reply; without the end of its time."""
    return [
        (event.ok, event.reply)
        for event in of_type(where, "acted")
        if (event.generation, event.tenure) == (generation, tenure) and event.action["action"] != "end"
    ]
