"""A researcher that uses every action of a note scheme, and misuses them. It knows no scheme: it goes by the marks of
the actions and by the schema of an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from numpy.random import Generator
from pydantic import Field

from relay.records.task import Given
from relay.researcher.actions import NoteAction, Role
from relay.researcher.observation import Answer, TenureView
from relay.researcher.text_agent import TextAgent
from relay.researcher.turn import TurnContext

__all__ = ["Improviser"]

_DEFINED = re.compile(r"define (\w+)\(x: ")
_ID = re.compile(r"\b\d+\.\d+\.\d+(?:\.g\d+-t\d+)*|(?<=\[)[a-z]+(?:\.g\d+-t\d+)*(?=[\] ])")
WORDS = ("What was tried in vain.", "Use this first.", "squares and their laws", "To do: the second table")
TITLES = ("Beginnings", "Laws", "What to do next", "Beginnings (2)", "How we take notes")
STRANGE = (
    "",
    " ",
    "1.2.3",
    "nothing",
    "../x",
    "```relay\n",
    "~~~\n```",
    "é\u2028\U0001f600",
    "w" * 9_000,
    "a\nb\nc",
    "[1.1.1]",
)
NUMBERS = (1, 0, 2, 3, -1, 10**9)


class Improviser(TextAgent):
    """States definitions that build on each other, and does to the notes whatever the scheme lets it do, drawn by its
    turn's generator."""

    misuse: float = Field(default=0.25, ge=0, le=1)
    """How often a field of an action holds something that it should not, or is left out."""

    async def reply(self, view: TenureView, turn: TurnContext) -> Answer:
        """Return a few statements, and actions of the note scheme."""
        improvised = _Improvisation(view, turn.rng, self.misuse)
        text = json.dumps({"actions": list(improvised.actions())})
        return Answer(text=self.disguised(view.observation).swap_answer(text))


class _Improvisation:
    """One answer."""

    def __init__(self, view: TenureView, rng: Generator, misuse: float) -> None:
        self._view, self._rng, self._misuse = view, rng, misuse
        told = [view.observation.inheritance.text, *(reply.text for each in view.turns for reply in each.replies)]
        said = [turn.answer for turn in view.turns]
        self._names = sorted(set(_DEFINED.findall("\n".join([*told, *said]))))
        self._ids = sorted(set(_ID.findall("\n".join(told)))) or ["1.1.1"]
        self._operation, self._sort = _binary(view.observation.given)
        self._sources: list[str] = []
        self._fields = _properties(view.observation.answers)

    def actions(self) -> list[dict[str, Any]]:
        """One or two definitions, perhaps a claim, and then actions of the scheme."""
        actions: list[dict[str, Any]] = []
        for _ in range(int(self._rng.integers(1, 3))):
            actions.append({"action": "state", "source": self._definition()})
        offered = self._view.observation.note_actions
        for action in offered if self._rng.random() < 0.5 else ():
            actions.append(self._filled(action))
        for _ in range(int(self._rng.integers(1, 4)) if offered else 0):
            actions.append(self._filled(self._one(offered)))
        if self._rng.random() < self._misuse:
            actions.append({"action": self._one(("prove", "state", "open")), "id": self._one(STRANGE)})
        return actions

    def _definition(self) -> str:
        inner = f"{self._one(self._names)}(x)" if self._names and self._rng.random() < 0.5 else "x"
        for _ in range(int(self._rng.integers(0, 3))):
            inner = f"{self._operation}(x, {inner})"
        # few names, so that readers get other names for some of them
        name = f"f{int(self._rng.integers(0, 4))}"
        source = f"define {name}(x: {self._sort}) -> {self._sort} = {self._operation}({inner}, x)"
        self._sources.append(source)
        self._names.append(name)
        return source

    def _filled(self, action: NoteAction) -> dict[str, Any]:
        """An action with a value in each of its fields, or in most."""
        filled: dict[str, Any] = {"action": action.name}
        for field in action.fields:
            wrong = self._rng.random() < self._misuse
            if not field.required and self._rng.random() < 0.5:
                continue
            if wrong and self._rng.random() < 0.3:
                continue
            schema = self._fields.get((action.name, field.name), {})
            filled[field.name] = self._value(schema, field.role, wrong)
        return filled

    def _value(self, schema: Mapping[str, Any], role: Role | None, wrong: bool) -> Any:
        kinds = [schema, *schema.get("anyOf", ())]
        for each in kinds:
            if "enum" in each:
                return self._one(STRANGE if wrong else each["enum"])
            if each.get("type") == "integer":
                return self._one(NUMBERS if wrong else NUMBERS[:4])
            if each.get("type") == "array":
                return [self._one(NUMBERS), self._one(NUMBERS)]
        if wrong:
            return self._one(STRANGE)
        match role:
            case Role.STATEMENT:
                return self._one([*self._sources, *self._names])
            case Role.TEXT:
                fenced = "\n".join(self._one(self._sources) for _ in range(int(self._rng.integers(0, 3))))
                return f"{self._one(WORDS)}\n```relay\n{fenced}\n```\n" + "so it is " * int(self._rng.integers(0, 40))
            case Role.NOTE:
                return self._one(self._ids)
            case Role.LINES:
                return self._one(("", "1", "1-2", "2-9"))
            case Role.TITLE:
                return self._one(TITLES)
            case _:
                return self._one(WORDS)

    def _one(self, values: Sequence[Any]) -> Any:
        return values[int(self._rng.integers(len(values)))]


def _binary(given: Given) -> tuple[str, str]:
    """An operation of two parameters of one sort that returns the same sort, and the sort."""
    found = (each for each in given.operations if each.parameters == (each.result,) * 2)
    operation = next(found)
    return operation.name, operation.result


def _properties(answers: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """The schema of each field of each action, by the names of both."""
    try:
        kinds = answers["properties"]["actions"]["items"]["anyOf"]
    except KeyError:
        return {}
    return {
        (kind["properties"]["action"]["const"], name): schema
        for kind in kinds
        for name, schema in kind["properties"].items()
    }
