"""One answer of a person, typed line by line until an empty line sends it.

A line that can't be understood is reported at once and costs nothing. Statements are not checked here: only the checker
does that, and it costs evaluations.
"""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import Any

from agents.human.clock import Clock
from agents.human.forms import Mistyped, read_forms
from agents.human.lines import Lines
from agents.human.page import COMMANDS, help_text, page, still_left
from agents.human.screen import Screen
from relay.notation import split_statements
from relay.notation.reference import summary
from relay.researcher.actions import MOST_ACTIONS
from relay.researcher.observation import TenureView
from relay.researcher.prompting import opening
from relay.text import excerpt

__all__ = ["Dialogue"]

HINT = "an empty line sends your lines; also: help notation task notes left undo end"

ENDS = "`.` ends it ... "
"""Prompt for the second and later lines of a value."""

STATEMENTS = ("define", "claim")


class Dialogue:
    """The dialogue with one person about one answer."""

    def __init__(self, view: TenureView, clock: Clock, lines: Lines, screen: Screen) -> None:
        self._view, self._clock, self._lines, self._screen = view, clock, lines, screen
        self._forms = read_forms(view.observation.answers)
        self._actions: list[dict[str, Any]] = []

    async def answer(self) -> str:
        """The typed actions as JSON. If the input ends, the tenure is ended too."""
        self._screen.hint(HINT)
        sent = False
        while not sent:
            try:
                sent = await self._take(await self._line())
            except Mistyped as mistake:
                self._screen.say(str(mistake), "yellow")
            except EOFError:
                # the end of a pipe: everything typed so far is sent
                self._actions.append({"action": "end"})
                sent = True
        if self._actions[-1]["action"] != "end":
            self._screen.hint("sent; the clock stops until the replies arrive")
        return json.dumps({"actions": self._actions}, ensure_ascii=False)

    async def _take(self, text: str) -> bool:
        """Process one typed line. Returns whether it sends the answer."""
        word, rest = [*text.split(None, 1), "", ""][:2]
        if not word:
            if not self._actions:
                raise Mistyped("There is nothing to send. Type something, or `end` to end your time.")
            return True
        if word.startswith("#"):  # a comment, as in the notation
            return False
        if _is_mathematics(text):
            # a paste may contain several statements, one after the other
            for piece in split_statements(await self._whole(text)):
                self._state(piece.source.strip())
        elif word in self._forms:
            await self._fill(word, rest.strip())
        elif text.strip() in COMMANDS:
            self._obey(word)
        else:
            raise self._unknown(word)
        return word == "end"

    def _state(self, text: str) -> None:
        """Add a statement, or a term to evaluate or to match. Raises `Mistyped` if the text is none of these."""
        if not _is_mathematics(text):
            raise self._unknown(text.split(None, 1)[0])
        if text.startswith(STATEMENTS):
            self._add({"action": "state", "source": self._forms["state"].value("source", text)})
            return
        name = "match" if text.split(None, 1)[0] == "match" else "evaluate"
        term = text.removeprefix("=" if text.startswith("=") else name).strip()
        if not term:
            wanted = "match (x: TYPE): TERM" if name == "match" else "= TERM"
            raise Mistyped(f"The term is missing; type `{wanted}`.")
        self._add({"action": name, "term": self._forms[name].value("term", term)})

    def _unknown(self, word: str) -> Mistyped:
        close = get_close_matches(word, [*STATEMENTS, *self._forms, *COMMANDS], n=1)
        meant = f"; did you mean `{close[0]}`?" if close else "."
        return Mistyped(f"`{excerpt(word, 40)}` is no action or command here{meant} `help` lists what you can type.")

    async def _fill(self, name: str, rest: str) -> None:
        """Add an action of the note scheme. Fields that are not on the line are requested one by one."""
        form = self._forms[name]
        found = form.given(rest)
        values = {}
        for field in form.fields:
            text = found[field] if field in found else await self._ask(field)
            values[field] = form.value(field, text)
        if values and all(value == "" for value in values.values()):
            raise Mistyped(f"All fields of `{name}` are empty; the action is dropped.")
        self._add({"action": name, **values})

    def _add(self, action: dict[str, Any]) -> None:
        if len(self._actions) >= MOST_ACTIONS:
            raise Mistyped(f"{MOST_ACTIONS} actions are waiting, the most for one turn; send them with an empty line.")
        self._actions.append(action)

    def _obey(self, command: str) -> None:
        """Run a command. Commands are not sent, and cost nothing but time."""
        observation, screen = self._view.observation, self._screen
        match command:
            case "help":
                screen.part("What can be typed", help_text(observation))
            case "notation":
                given = observation.given
                screen.part("The notation", summary(given.scalars, [sort.name for sort in given.sorts]))
            case "task":
                screen.part("The task", page(observation))
            case "notes":
                screen.part("The notes", opening(observation))
            case "left":
                screen.say(still_left(self._view))
            case "undo" if self._actions:
                self._actions.pop()
            case _:
                raise Mistyped("There is nothing to undo.")

    async def _whole(self, text: str) -> str:
        """`text` with the lines typed after it. Lines are added while a bracket is open or a term is missing."""
        # if the text is incomplete, a following line becomes part of the same statement
        while len(split_statements(f"{text}\n0")) == 1:
            more = await self._line("... ")
            if not more.strip():
                raise Mistyped(
                    "The statement was not complete (an open bracket or a missing term) and is dropped; type it again."
                )
            text = f"{text}\n{more}"
        return text

    async def _ask(self, field: str) -> str:
        """The value of a field, which may have several lines."""
        self._screen.hint(f"{field}: type lines, then a line with only `.`; for an empty value, an empty line")
        lines: list[str] = []
        while (line := await self._line(f"{field}: " if not lines else ENDS)).strip() != ".":
            if not lines and not line.strip():
                break
            lines.append(line)
        return "\n".join(lines)

    async def _line(self, asked: str = "") -> str:
        """The next typed line. `asked` is the prompt. By default the prompt shows how many actions wait to be sent."""
        waiting = f"[{len(self._actions)}] " if self._actions else ""
        mark = ("", asked) if asked else ("bold", f"{waiting}> ")
        return await self._lines.line(lambda: [self._clock.face(), mark])


def _is_mathematics(text: str) -> bool:
    """Whether a line is a statement or a term: it begins with `=`, `define`, `claim`, `evaluate` or `match`."""
    return text.lstrip().startswith("=") or text.split(None, 1)[0] in (*STATEMENTS, "evaluate", "match")
