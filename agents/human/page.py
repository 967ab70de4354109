"""The words around what a person reads. What is read itself comes from the functions that make a model's prompt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agents.human.clock import in_words
from agents.human.forms import read_forms
from relay.observation import Observation, TenureView

__all__ = ["COMMANDS", "as_typed", "help_text", "sitting_down", "typing"]

TYPING = """\
How to answer. What you type waits until an empty line sends it; that is one turn. Type
  define NAME(PARAMETER: TYPE, ...) -> TYPE = TERM
  claim NAME (PARAMETER: TYPE, ...) where TERM: TERM      (the name, and `where TERM`, can be left out)
  = TERM        the value of a term without free names
  end           end your time before your budget is spent
A statement goes on over the next line while a bracket is open, or after `=` or `:`. It may have at most {size} nodes:
each number, name, operation and call in it is one. A statement costs 1 evaluation, and so does a value. `help` shows
how everything is typed, `notation` what terms are made of."""

ACTIONS = """\
Where it says {"action": "NAME", "FIELD": "..."} below, type NAME FIELD: ... on one line, or NAME alone: then you are
asked for each field."""

OWN = ("state", "evaluate", "end")
"""Actions that are typed in a way of their own."""

COMMANDS = {
    "help": "this",
    "notation": "types, terms and generators",
    "task": "the task again",
    "notes": "the notes again, as you found them",
    "left": "what is left of your budget",
    "undo": "forget the last of what waits",
}
"""What can be typed and is no action; it costs nothing but time."""


def typing(observation: Observation) -> str:
    """How to answer, with `{size}` where the nodes of a statement stand."""
    more = set(read_forms(observation.answers)) - {*OWN}
    return f"{TYPING}\n\n{ACTIONS}" if more else TYPING


def help_text(observation: Observation) -> str:
    """Everything that can be typed, each with an example."""
    given = observation.given
    kind = given.sorts[0].name if given.sorts else "Scalar"
    rows = {
        f"define same(x: {kind}) -> {kind} = x": "state a definition",
        f"claim alike (x: {kind}): x == x": "state a claim",
        "= 2 + 2": "ask for a value",
    }
    forms = [form for name, form in read_forms(observation.answers).items() if name not in OWN]
    rows |= {form.example: "an action of the notes" for form in forms}
    rows |= {"end": "send what waits, and end your time", "an empty line": "send what waits: one turn"}
    rows |= COMMANDS
    wide = max(map(len, rows)) + 3
    lines = [f"  {typed:{wide}}{what}".rstrip() for typed, what in rows.items()]
    if forms:
        name = forms[0].name
        lines.append(
            f"\n`{name}` alone asks for each field: a value is what you type up to a line that is just `.`, or "
            "nothing where the first line is empty. On one line, the first field can do without its name."
        )
    return "\n".join(lines)


def sitting_down(view: TenureView, first: bool) -> str:
    """What is said before the clock starts."""
    budget, spent = view.observation.budget, view.spent
    seconds = "" if budget.seconds is None else f"{in_words(budget.seconds - spent.seconds)}, "
    has = f"{seconds}{budget.turns - spent.turns} turns and {budget.evaluations - spent.evaluations} evaluations"
    if view.turns:
        return f"This tenure was interrupted. Whoever sat here goes on, and has {has} left."
    chair = "" if first else "Hand the chair to the next person.\n\n"
    return f"{chair}You have {has}. Whoever comes after you gets the notes that you leave."


def as_typed(answer: str) -> str:
    """An answer that was sent, as it was typed, more or less; whatever else it is, as it is."""
    try:
        return "\n".join(_typed(action) for action in json.loads(answer)["actions"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return answer


def _typed(action: Mapping[str, Any]) -> str:
    match action:
        case {"action": "state", "source": source}:
            return str(source)
        case {"action": "evaluate", "term": term}:
            return f"= {term}"
    return " ".join([action["action"], *(f"{field}: {value}" for field, value in action.items() if field != "action")])
