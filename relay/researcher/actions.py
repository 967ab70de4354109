"""What a researcher can do in a turn. Note schemes add their own actions (see `relay.schemes.notes`).

An answer is JSON text `{"actions": [...]}`. If the text is not JSON, each statement in its fences marked ```` ```relay
```` is a `state` action, and the rest of the text is ignored.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Literal

from relay.records.record import Record

MOST_ACTIONS = 32
"""Most actions of an answer that a server generates under the schema."""
LONGEST_TEXT = 4_000
"""Most characters of a text that a server generates in an action, if the action sets no limit of its own."""


class Action(Record):
    """Base of all actions; `action` distinguishes the classes."""

    action: str


class State(Action):
    """State one definition or claim; costs one evaluation."""

    action: Literal["state"] = "state"
    source: str


class Evaluate(Action):
    """Request the value of a closed term on each of the task's public models; costs one evaluation."""

    action: Literal["evaluate"] = "evaluate"
    term: str


class End(Action):
    """End the tenure before its budget is spent."""

    action: Literal["end"] = "end"


def answer_schema(more: Iterable[type[Action]]) -> dict[str, Any]:
    """The JSON schema of an answer: a list of actions. `more` are the actions of the note scheme."""
    kinds: tuple[type[Action], ...] = (State, Evaluate, End, *more)
    items = [_schema(kind) for kind in kinds]
    actions = {"type": "array", "items": {"anyOf": items}, "minItems": 1, "maxItems": MOST_ACTIONS}
    return {
        "type": "object",
        "properties": {"actions": actions},
        "required": ["actions"],
        "additionalProperties": False,
    }


@cache
def _schema(kind: type[Action]) -> dict[str, Any]:
    """The schema of one action. Every field is required, and every text has a limit, so that generation under it ends.

    It is cached, since it is part of every observation and takes longer to make than the rest of the observation.
    """
    properties = {}
    for name, schema in kind.model_json_schema()["properties"].items():
        kept = {key: value for key, value in schema.items() if key not in ("title", "default")}
        if kept.get("type") == "string" and "const" not in kept:
            kept.setdefault("maxLength", LONGEST_TEXT)
        properties[name] = kept
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
