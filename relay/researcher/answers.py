"""Reads the actions in the text of an answer. Any text is accepted: unusable parts become data and never a crash."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import Enum
from typing import Any

from pydantic import ValidationError

from relay.errors import ModelFault
from relay.notation import fences, split_statements
from relay.researcher.actions import Action, End, Evaluate, Match, State
from relay.researcher.json_repair import mended
from relay.text import excerpt

__all__ = ["BadAction", "clean", "is_json", "read_answer", "was_mended"]


class BadAction(Action):
    """An item that is not a valid action; `problem` says why."""

    problem: str


def clean(text: str) -> str:
    """The text with lone surrogates replaced: they have no UTF-8 bytes, so they could be neither counted nor logged."""
    return text.encode("utf-8", "replace").decode("utf-8")


def read_answer(text: str, more: Iterable[type[Action]]) -> list[Action]:
    """The actions of an answer; `more` are the actions of the note scheme. Raises `ModelFault` if there are none."""
    every: tuple[type[Action], ...] = (State, Evaluate, Match, End, *more)
    kinds: dict[str, type[Action]] = {kind.model_fields["action"].default: kind for kind in every}
    return [item if isinstance(item, Action) else _action(item, kinds) for item in _read(text)[0]]


def was_mended(text: str) -> bool:
    """Whether an answer could be read only after its form was repaired (`relay.researcher.json_repair`)."""
    return _form(text) is AnswerForm.MENDED


def is_json(text: str) -> bool:
    """Whether an answer is read as JSON, repaired or not. In JSON a letter may be written as an escape."""
    return _form(text) in (AnswerForm.JSON, AnswerForm.MENDED)


class AnswerForm(Enum):
    """The form in which an answer is read."""

    JSON = "as requested"
    MENDED = "repaired"
    FENCES = "statements in fences"


def _form(text: str) -> AnswerForm | None:
    """The form in which an answer is read; None if it can't be read."""
    try:
        return _read(text)[1]
    except ModelFault:
        return None


def _read(text: str) -> tuple[list[Any], AnswerForm]:
    """The items of an answer, and the form in which they were read. Raises `ModelFault` if there are none.

    Text that looks like JSON from its first letter is repaired before fences are looked for; in other text fences come
    first. A leading `<think>` part is skipped.
    """
    stripped = text.strip()
    # Some servers leave a model's reasoning in front of its answer.
    if stripped.startswith("<think>"):
        stripped = stripped.partition("</think>")[2].strip()
    problem = ""
    if stripped.startswith("{"):
        try:
            data = json.loads(stripped)
        except (ValueError, RecursionError) as error:
            problem = f"its JSON can't be read ({_told(error)})"
        else:
            if isinstance(data, dict) and isinstance(data.get("actions"), list) and _sound(data):
                return data["actions"], AnswerForm.JSON
            problem = 'its JSON has no list "actions"'
    # Prose may quote JSON in passing, so its fences are read first.
    mendable = stripped.startswith(("{", "[", "```json", "```\n"))
    stated = () if mendable else _stated(stripped)
    if not stated:
        try:
            items = mended(stripped)
        except ValueError as error:
            problem = str(error) or problem or "it is neither a JSON object nor text with statements in ```relay fences"
        else:
            if _sound(items):
                return items, AnswerForm.MENDED
            problem = "its JSON contains a number or character that can't be logged"
    if stated := stated or _stated(stripped):
        return [*stated], AnswerForm.FENCES
    raise ModelFault(f'the answer can\'t be used: {problem}; send {{"actions": [...]}}')


def _told(error: ValueError | RecursionError) -> str:
    """Why JSON could not be read. If the JSON has no mistake, a limit of Python was exceeded. Then the message of
    `error` is not used, because it mentions Python."""
    if isinstance(error, json.JSONDecodeError):
        return str(error)[:80]
    return "brackets are too deep" if isinstance(error, RecursionError) else "a number has too many digits"


def _stated(text: str) -> tuple[State, ...]:
    """The statements in an answer's fences."""
    return tuple(State(source=located.source) for fence in fences(text) for located in split_statements(fence.body))


def _sound(data: Any) -> bool:
    """Whether data can be logged. An escape can produce a lone surrogate, and `NaN` is accepted as a number."""
    try:
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return False
    return True


def _action(item: Any, kinds: dict[str, type[Action]]) -> Action:
    """The action that an item describes, or a `BadAction` with the problem."""
    if not isinstance(item, dict) or not isinstance(item.get("action"), str):
        return BadAction(action="?", problem='An action is an object with a name: {"action": "state", ...}.')
    name = item["action"]
    kind = kinds.get(name)
    if kind is None:
        there = ", ".join(sorted(kinds))
        shown = excerpt(name, 40)
        return BadAction(action=shown, problem=f"There is no action `{shown}`; there are {there}.")
    try:
        # strict, so that the logged action holds what the researcher wrote and not a conversion of it
        return kind.model_validate(item, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        fields = ", ".join(field for field in kind.model_fields if field != "action") or "nothing more"
        where = excerpt(".".join(map(str, first["loc"])), 40)
        what = "It is missing" if first["type"] == "missing" else first["msg"]
        return BadAction(action=name, problem=f"`{name}` has {fields}; `{where}`: {what}.")
