"""Reads the actions in the text of an answer. Any text is accepted: unusable parts become data and never a crash."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from enum import Enum
from typing import Any, NamedTuple

from pydantic import ValidationError

from relay.errors import ModelFault
from relay.notation import fences, split_statements
from relay.researcher.actions import Action, End, Evaluate, Match, State
from relay.researcher.cut_json import breaks_off, closed
from relay.researcher.json_repair import mended
from relay.text import excerpt

__all__ = [
    "BadAction",
    "CutAnswer",
    "clean",
    "estimated_actions",
    "is_json",
    "read_actions",
    "read_answer",
    "read_cut_answer",
    "read_items",
    "was_mended",
]


class BadAction(Action):
    """An item that is not a valid action; `problem` says why."""

    problem: str


def clean(text: str) -> str:
    """The text with lone surrogates replaced: they have no UTF-8 bytes, so they could be neither counted nor logged."""
    return text.encode("utf-8", "replace").decode("utf-8")


def read_answer(text: str, more: Iterable[type[Action]]) -> list[Action]:
    """The actions of an answer; `more` are the actions of the note scheme. Raises `ModelFault` if there are none."""
    return _actions(_read(text)[0], more)


class CutAnswer(NamedTuple):
    """The actions of an answer that was cut."""

    actions: list[Action]
    whole: bool
    """Whether nothing of its actions was cut: it is a whole JSON answer."""


def read_cut_answer(text: str, more: Iterable[type[Action]]) -> CutAnswer:
    """The whole actions of an answer of which only the beginning, `text`, is there. Raises `ModelFault` if no action is
    whole."""
    items, _, whole = _read_cut(text)
    return CutAnswer(_actions(items, more), whole)


def read_actions(text: str, more: Iterable[type[Action]], *, cut: bool) -> CutAnswer:
    """The whole actions of an answer. `cut`: whether the answer may go on after `text`. JSON that breaks off is read as
    an answer that was cut, whatever its model says. Raises `ModelFault` if there are no actions."""
    if cut:
        return read_cut_answer(text, more)
    try:
        return CutAnswer(read_answer(text, more), True)
    except ModelFault as fault:
        stripped = _without_thoughts(text)
        if not (stripped.startswith(JSON_STARTS) and breaks_off(stripped)):
            raise
        try:
            return read_cut_answer(text, more)
        except ModelFault:
            raise fault from None


def read_items(text: str, *, cut: bool) -> list[Any]:
    """The items of an answer as its author wrote them: JSON data, or a `State` for each statement in fences. Empty if
    it can't be read."""
    try:
        return (_read_cut if cut else _read)(text)[0]
    except ModelFault:
        return []


def estimated_actions(text: str) -> int:
    """About how many actions an answer has, also if it can't be read as a whole."""
    return max(len(_ACTION.findall(text)), len(_stated(text)))


def was_mended(text: str, *, cut: bool = False) -> bool:
    """Whether an answer could be read only after its form was repaired (`relay.researcher.json_repair`). `cut`: whether
    only its beginning is there."""
    return _form(text, cut) is AnswerForm.MENDED


def is_json(text: str) -> bool:
    """Whether an answer is read as JSON, repaired or cut or not. In JSON a letter may be written as an escape."""
    return _form(text, cut=True) in JSON_FORMS  # a whole answer is read as such there too


class AnswerForm(Enum):
    """The form in which an answer is read."""

    JSON = "as requested"
    MENDED = "repaired"
    FENCES = "statements in fences"


JSON_FORMS = (AnswerForm.JSON, AnswerForm.MENDED)


def _form(text: str, cut: bool) -> AnswerForm | None:
    """The form in which an answer is read; None if it can't be read."""
    try:
        return (_read_cut if cut else _read)(text)[1]
    except ModelFault:
        return None


def _actions(items: Iterable[Any], more: Iterable[type[Action]]) -> list[Action]:
    """The actions that the items of an answer describe."""
    every: tuple[type[Action], ...] = (State, Evaluate, Match, End, *more)
    kinds: dict[str, type[Action]] = {kind.model_fields["action"].default: kind for kind in every}
    return [item if isinstance(item, Action) else _action(item, kinds) for item in items]


def _read(text: str) -> tuple[list[Any], AnswerForm]:
    """The items of an answer, and the form in which they were read. Raises `ModelFault` if there are none.

    Text that looks like JSON from its first letter is repaired before fences are looked for; in other text fences come
    first. A leading `<think>` part is skipped.
    """
    stripped = _without_thoughts(text)
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
    mendable = stripped.startswith(JSON_STARTS)
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


JSON_STARTS = ("{", "[", "```json", "```\n")
"""Starts of a text that is read as JSON, repaired if necessary, before fences are looked for."""
_ACTION = re.compile(r"""["']action["']\s*:""")


def _without_thoughts(text: str) -> str:
    """An answer without the reasoning that some servers leave in front of it."""
    stripped = text.strip()
    return stripped.partition("</think>")[2].strip() if stripped.startswith("<think>") else stripped


def _read_cut(text: str) -> tuple[list[Any], AnswerForm, bool]:
    """The whole items of an answer that was cut after `text`, the form in which they were read, and whether `text` is a
    whole answer by itself. Raises `ModelFault` if no item is whole."""
    stripped = _without_thoughts(text)
    try:
        items, form = _read(stripped)
    except ModelFault:
        items, form = [], None
    if form in JSON_FORMS:
        return items, form, True
    stated = () if stripped.startswith(JSON_STARTS) else _stated(stripped, cut=True)
    if stated:
        return [*stated], AnswerForm.FENCES, False
    # a text with a whole answer that goes on may quote that answer
    if breaks_off(stripped) and (completed := closed(stripped)) is not None:
        try:
            items, form = _read(completed)
        except ModelFault:
            items = []
        if items and form in JSON_FORMS:
            return items, form, False
    raise ModelFault("the answer was cut off before its first action was whole; be shorter")


def _told(error: ValueError | RecursionError) -> str:
    """Why JSON could not be read. If the JSON has no mistake, a limit of Python was exceeded. Then the message of
    `error` is not used, because it mentions Python."""
    if isinstance(error, json.JSONDecodeError):
        return str(error)[:80]
    return "brackets are too deep" if isinstance(error, RecursionError) else "a number has too many digits"


def _stated(text: str, *, cut: bool = False) -> tuple[State, ...]:
    """The statements in an answer's fences. `cut`: whether only its beginning is there; then a statement in a fence
    that is still open is whole only if another one follows."""
    stated: list[State] = []
    for fence in fences(text):
        found = split_statements(fence.body)
        whole = found[:-1] if cut and not fence.closed else found
        stated += [State(source=located.source) for located in whole]
    return tuple(stated)


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
