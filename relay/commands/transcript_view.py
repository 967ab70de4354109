"""A tenure for people to read: what its researcher was shown, and what it thought, answered and was told, in turns."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from relay.commands.line_printer import LinePrinter
from relay.commands.transcript_data import Step, gone_after, replies, steps, told_before
from relay.records.budget import Spent
from relay.records.consulted import EMBEDDING, Consulted
from relay.records.events import Answered, BrokenOff, Cut, Fault, NotesShown
from relay.researcher.answers import is_json, read_items
from relay.researcher.observation import Message
from relay.text import quantity
from relay.trial.replay import PastTenure, PastTurn
from relay.trial.setup import TrialSetup

__all__ = ["print_prompts", "print_tenure"]

FINISHED = {
    "length": "cut off, as its model says",
    "too_long": "longer than its allowance",
    "clock": "too late",
    "fault": "the model failed",
}
"""`finish_reason` -> words. `stop` is not told."""
BEYOND = 2_000
"""Most characters that are printed of what lies beyond an allowance."""
UNUSABLE = 300
"""Most characters that are printed of an item that is no action."""
REASONS = {
    "ended": "its own choice",
    "turns": "no turns left",
    "tokens": "no tokens left",
    "context": "no room in the context",
    "money": "no money left",
    "seconds": "no time left",
}
"""Why a tenure ended -> words."""
_ACTION = re.compile(r"\{\s*\"action\"\s*:")
_NUMBER = re.compile(r"\d+\. ")
HEADING, LABEL, QUIET, WARNING, SECRET = "bold reverse", "bold cyan", "dim", "yellow", "magenta"
"""Styles."""


def print_tenure(printer: LinePrinter, past: PastTenure, *, reveal: bool) -> None:
    """Print a tenure. With `reveal`, each credited statement has its concepts and laws beside it."""
    printer.line(f" generation {past.generation}, researcher {past.tenure} ", HEADING)
    printer.line()
    printer.labelled("shown: ", _shown(past.shown), label_style=LABEL)
    if not past.exact and past.page and not past.shown.text:
        words = "the texts of these notes; the page that they stood on is not known here"
        if past.stepped:
            words += ", and hand-over steps may have changed them"
        printer.line(words, WARNING, 1)
    if past.persona:
        printer.labelled("persona: ", past.persona, level=1, label_style=LABEL)
    for words in past.shown.words:
        printer.labelled("asked: ", words, level=1, label_style=LABEL)
    printer.line(past.page or "no notes", "" if past.page else QUIET, 1)
    for turn in past.turns:
        _print_turn(printer, turn, past.ended is not None or turn is not past.turns[-1], reveal)
    printer.line()
    if past.ended is None:
        printer.line("not over yet", WARNING)
    else:
        reason = REASONS.get(past.ended.reason, past.ended.reason)
        printer.labelled(f"over ({reason}): ", _spent(past.ended.spent), label_style=LABEL)
    printer.line()


def _shown(shown: NotesShown) -> str:
    parts = [quantity(len(shown.notes), "note"), f"{len(shown.listed)} listed", f"{shown.dropped_count} left out"]
    if shown.messages or shown.dropped_messages:
        parts.append(f"{quantity(shown.messages, 'message')} handed on")
    parts.append(quantity(shown.tokens, "token", ","))
    return ", ".join(parts) + f"; {quantity(len(shown.readable), 'definition')} can be called"


def _spent(spent: Spent) -> str:
    counts = ((spent.turns, "turn"), (spent.tokens, "token"), (spent.evaluations, "evaluation"))
    return ", ".join(quantity(number, noun, ",") for number, noun in counts)


def _print_turn(printer: LinePrinter, turn: PastTurn, over: bool, reveal: bool) -> None:
    printer.line()
    printer.line(f"turn {turn.number}", "bold")
    if before := told_before(turn.view):
        printer.line(before, QUIET, 1)
    for event in turn.events:
        if isinstance(event, Fault) and event.side == "machine":
            printer.labelled(f"the machine failed ({event.kind}): ", event.message, WARNING, 1, WARNING)
        elif isinstance(event, BrokenOff):
            printer.line(f"broken off after {event.seconds:g} seconds", WARNING, 1)
    if searched := turn.searched:
        printer.labelled("searched: ", quantity(searched, "evaluation", ","), level=1, label_style=LABEL)
    answered = turn.answered
    if answered is None:
        printer.line("no answer yet", WARNING, 1)
        return
    if answered.reasoning:
        printer.line("thought:", LABEL, 1)
        printer.line(answered.reasoning.strip(), "dim italic", 2)
    _print_answer(printer, answered, steps(turn.events), reveal)
    _print_cut(printer, turn, answered)
    _print_consulted(printer, [event for event in turn.events if isinstance(event, Consulted)])
    if said := replies(turn, over):
        printer.line("was told:", LABEL, 1)
        _print_replies(printer, said)
    if gone := gone_after(turn):
        printer.line(f"left the prompt, which was full: the oldest {quantity(gone, 'turn')}", QUIET, 1)


def _print_consulted(printer: LinePrinter, events: Sequence[Consulted]) -> None:
    """Print what came from outside; of embeddings only their number."""
    embedded = Counter(event.by for event in events if event.purpose == EMBEDDING and not event.fault)
    for by, number in embedded.items():
        printer.labelled(f"asked outside ({EMBEDDING}), {by}: ", quantity(number, "text"), QUIET, 1, LABEL)
    for event in events:
        if event.purpose != EMBEDDING or event.fault:
            words = event.fault or event.text.strip()[:BEYOND] or "nothing"
            printer.labelled(f"asked outside ({event.purpose}), {event.by}: ", words, QUIET, 1, LABEL)


def _print_replies(printer: LinePrinter, said: str) -> None:
    """Print replies, each beside its number."""
    for line in said.split("\n"):
        number = _NUMBER.match(line)
        printer.labelled(number[0] if number else "", line[number.end() :] if number else line, "", 2)


def _print_answer(printer: LinePrinter, answered: Answered, done: Sequence[Step], reveal: bool) -> None:
    tokens = quantity(answered.tokens_out, "token", ",")
    how = "; ".join([tokens, *filter(None, [answered.purpose, FINISHED.get(answered.finish_reason)])])
    printer.labelled("answered", f" ({how}):", QUIET, 1, LABEL)
    inside = answered.allowed_text
    if done and (is_json(inside) or inside.lstrip().startswith(("{", "["))):  # the latter if it was cut
        lead, rest = _beside(inside, len(done))
        if lead:
            printer.line(lead, "", 2)
        items = read_items(inside, cut=answered.is_cut)
        for number, step in enumerate(done, 1):
            _print_step(printer, number, step, reveal)
            if step.acted.unusable and number <= len(items):
                printer.line(json.dumps(items[number - 1], ensure_ascii=False)[:UNUSABLE], QUIET, 4)
        for number, action in enumerate(rest, len(done) + 1):
            _print_action(printer, number, action, QUIET)
        if rest:
            printer.line("(not carried out)", QUIET, 2)
    else:
        printer.line(inside.strip("\n") or "nothing", "" if inside.strip() else QUIET, 2)
        for number, step in enumerate(done, 1):
            if reveal and (step.concepts or step.laws):
                printer.labelled(f"{number}. ", _credit(step), SECRET, 2)


def _print_cut(printer: LinePrinter, turn: PastTurn, answered: Answered) -> None:
    """Print what was not carried out of an answer that was cut: an action that is not whole, and what lies beyond the
    allowance."""
    inside = answered.allowed_text
    begun = [action.start() for action in _ACTION.finditer(inside)]
    whole = next((event.whole for event in turn.events if isinstance(event, Cut)), len(begun))
    if len(begun) > whole:
        printer.labelled("not whole: ", inside[begun[whole] :], QUIET, 1, f"{QUIET} {LABEL}")
    if beyond := answered.text[len(inside) :]:
        printer.line("beyond the allowance:", f"{QUIET} {LABEL}", 1)
        printer.line(beyond[:BEYOND], QUIET, 2)
        if (more := len(beyond) - BEYOND) > 0:
            printer.line(f"(and {quantity(more, 'more character', ',')}, which --json prints)", QUIET, 2)


def _beside(text: str, count: int) -> tuple[str, list[Mapping[str, Any]]]:
    """What stands before the JSON of an answer, and its actions after the first `count`, if they can be read."""
    starts = [place for place in (text.find("{"), text.find("[")) if place >= 0]
    lead = text[: min(starts, default=0)].strip().removesuffix("```json").removesuffix("```").strip()
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return lead, []
    items = data.get("actions") if isinstance(data, dict) else None
    rest = items[count:] if isinstance(items, list) else []
    return lead, [item for item in rest if isinstance(item, dict)]


def _print_step(printer: LinePrinter, number: int, step: Step, reveal: bool) -> None:
    _print_action(printer, number, step.acted.action, QUIET if step.acted.needs else "")
    if step.acted.needs:
        printer.line(f"skipped for want of {step.acted.needs}", WARNING, 4)
    if reveal and (step.concepts or step.laws):
        printer.line(_credit(step), SECRET, 4)


def _credit(step: Step) -> str:
    return f"credited: {', '.join((*step.concepts, *step.laws))}"


def _print_action(printer: LinePrinter, number: int, action: Mapping[str, Any], style: str) -> None:
    """Print an action: its name and its first text beside each other, its other fields below."""
    name = str(action.get("action", "?"))
    fields = [(key, value) for key, value in action.items() if key != "action"]
    first = fields.pop(0)[1] if fields and isinstance(fields[0][1], str) else ""
    printer.labelled(f"{number}. {name}  ", first, style, 2, style or "green")
    for key, value in fields:
        told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if told:
            printer.labelled(f"{key}: ", told, style, 4, QUIET)


def print_prompts(printer: LinePrinter, setup: TrialSetup, past: PastTenure) -> None:
    """Print the messages that were sent at each turn of a tenure, and the raw answers, in the words that the researcher
    read and wrote. What stood in the prompt before is not repeated. Precondition: the tenure is exact."""
    printer.line(f" generation {past.generation}, researcher {past.tenure} ", HEADING)
    before: tuple[Message, ...] = ()
    answer = ""
    for turn in past.turns:
        assert turn.view is not None
        messages = setup.agent.messages(turn.view)
        printer.line()
        printer.line(f"turn {turn.number}", "bold")
        same = _repeated(before, messages)
        if same:
            ending = " without what ended the last" if before[same - 1] != messages[same - 1] else ""
            printer.line(f"messages 1 to {same}: as before{ending}", QUIET, 1)
        for number, message in enumerate(messages[same:], same + 1):
            printer.line(f"message {number}, {message.role}:", LABEL, 1)
            repeated = message.role == "assistant" and message.content and message.content == answer
            printer.line("the answer above" if repeated else message.content, QUIET if repeated else "", 2)
        before = messages
        answered = turn.answered
        if answered is not None:
            answer = setup.disguise.swap_answer(answered.text)
            printer.line("answer:", LABEL, 1)
            printer.line(answer, "", 2)
    printer.line()


def _repeated(before: Sequence[Message], messages: Sequence[Message]) -> int:
    """How many messages at the beginning of a prompt stood in the one before, the last of them with an ending."""
    pairs = zip(before, messages, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0].content.startswith(pair[1].content), pairs))
