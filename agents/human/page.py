"""The wording around the texts that a person reads. These texts come from the functions that make models' prompts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agents.human.clock import in_words
from agents.human.forms import read_forms
from relay.records.budget import Remaining
from relay.researcher.observation import Observation, TenureView
from relay.researcher.prompting import PRICE, the_task
from relay.text import quantity

__all__ = ["AMPLE", "COMMANDS", "as_typed", "help_text", "page", "sitting_down", "still_left"]

AMPLE = 10_000_000
"""A budget of tokens that no person uses up in a tenure. A budget that is at least as large is not mentioned."""

TYPING = f"""\
How to answer. Your lines wait until an empty line sends them; that is one turn. Type
  define NAME(PARAMETER: TYPE, ...) -> TYPE = TERM
  claim NAME (PARAMETER: TYPE, ...) where TERM: TERM
                the name, and `where TERM`, can be left out
  = TERM        the value of a term without free names
  match (PARAMETER: TYPE, ...): TERM
                at how many points the term, or a function by its name, has the values of each phenomenon
  end           end your time before your budget is spent
A statement continues on the next line while a bracket is open, or after `=` or `:`. It may have at most {{size}} nodes:
every digit, name, operation and call in it is one. Statements, values and matches cost evaluations.
{PRICE}
`help` shows how everything is typed, `notation` how terms are written.

{{notation}}"""

OWN = ("state", "evaluate", "match", "end")
"""Actions that are typed in a notation of their own, and not by a form."""

COMMANDS = {
    "help": "this list",
    "notation": "types, terms and generators",
    "task": "the task again",
    "notes": "the notes again, as you found them",
    "left": "your remaining budget",
    "undo": "drop the last unsent action",
}
"""Command -> description. Commands are no actions and cost nothing but time."""


def page(observation: Observation) -> str:
    """The task as a model reads it, with actions in the form in which a person types them."""
    forms, told = read_forms(observation.answers), observation.instructions
    for action in observation.note_actions:  # note schemes describe actions as JSON, which a person does not type
        told = told.replace(action.example, f"`{forms[action.name].example}`")
    return the_task(observation.model_copy(update={"instructions": told}), TYPING)


def still_left(view: TenureView) -> str:
    """The researcher's place where it matters, and the remaining budget in one line. Tokens are mentioned only if they
    are limited."""
    remaining = view.remaining
    parts = [_turns(remaining), _evaluations(remaining)]
    if view.observation.budget.tokens < AMPLE:
        parts.append(quantity(remaining.tokens, "token", ","))
    if remaining.seconds is not None:
        parts.append(in_words(int(remaining.seconds)))
    if remaining.money is not None:
        parts.append(f"{remaining.money:.4g} of money")
    return "\n".join(filter(None, [view.observation.place, f"Left: {', '.join(parts)}."]))


def _turns(remaining: Remaining) -> str:
    return quantity(remaining.turns, "turn")


def _evaluations(remaining: Remaining) -> str:
    return quantity(remaining.evaluations, "evaluation")


def help_text(observation: Observation) -> str:
    """All that can be typed, with an example each."""
    given = observation.given
    # examples have to be valid in the task
    kind = given.sorts[0].name if given.sorts else "Scalar"
    rows = {
        f"define same(x: {kind}) -> {kind} = x": "state a definition",
        f"claim alike (x: {kind}): x == x": "state a claim",
        "= 2 + 2": "ask for a value",
        f"match (x: {kind}): x": "hold a term against the phenomena",
    }
    forms = [form for name, form in read_forms(observation.answers).items() if name not in OWN]
    rows |= {form.example: "an action of the notes" for form in forms}
    rows |= {"end": "send your lines, and end your time", "an empty line": "send your lines: one turn"}
    rows |= COMMANDS
    wide = max(map(len, rows)) + 3
    lines = [f"  {typed:{wide}}{what}".rstrip() for typed, what in rows.items()]
    if forms:
        name = forms[0].name
        lines.append(
            f"\nAfter `{name}` alone you type each field in turn: its lines, then a line with only `.`, or an empty "
            "line for an empty value. On one line, the name of the first field can be left out."
        )
    return "\n".join(lines)


def sitting_down(view: TenureView, first: bool) -> str:
    """The text before the clock starts: the budget, and what the next person will get."""
    remaining = view.remaining
    seconds = "" if remaining.seconds is None else f"{in_words(remaining.seconds)}, "
    has = f"{seconds}{_turns(remaining)} and {_evaluations(remaining)}"
    if view.turns:
        return f"This tenure was interrupted. The same person continues, with {has} left."
    chair = "" if first else "Hand the chair to the next person.\n\n"
    passed = _passed(view.observation)
    told = f"Your successor gets {passed}." if passed else "Nothing is passed on."
    return f"{chair}You have {has}. {told}"


def _passed(observation: Observation) -> str:
    """Description of what the schemes pass on; empty if nothing."""
    told = "your latest summary" if observation.passes_messages == "summary" else "the conversation on this screen"
    notes = ["the notes that you leave"] if observation.passes_notes else []
    return " and ".join([*notes, *([told] if observation.passes_messages else [])])


def as_typed(answer: str) -> str:
    """A sent answer, about as it was typed. A text that is no answer is returned unchanged."""
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
        case {"action": "match", "term": term}:
            return f"match {term}"
    return " ".join([action["action"], *(f"{field}: {value}" for field, value in action.items() if field != "action")])
