"""How a tenure begins: what the note scheme, the memory scheme and the hand-over steps let through, and nothing else.

Of what a prompt may have, beside what the brief takes, half is for what is handed on and half is left for the tenure's
own work; where messages are handed on too, notes get a half of that half.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from relay.actions import answer_schema
from relay.allowance import Allowance
from relay.budget import Spent
from relay.errors import UsageError
from relay.events import Shown
from relay.handover import HandoverView
from relay.library import grounded
from relay.notation.syntax import Definition
from relay.notes.note import Note
from relay.notes.scheme import Layout
from relay.observation import Inheritance, Observation, TenureView
from relay.prices import plain
from relay.prompting import opening
from relay.reading import Read, read_parts
from relay.seeds import generator
from relay.setting import Setting
from relay.state import State

__all__ = ["Opening", "check_room", "hand_over", "open_tenure", "readable_keys"]

LOGGED_DROPS = 32
"""Dropped notes that are named in the log; of the others it holds the number."""

SHORTEST_ANSWER = 64
"""Tokens that a first answer must have room for: one short action."""


AMOUNT = 8
"""Tokens by which a prompt may grow that tells another amount of money."""


@dataclass(frozen=True)
class Opening:
    """A tenure's first view, the event that tells of it, and what it can reach."""

    observation: Observation
    shown: Shown
    """Without its place in the log."""
    notes: dict[str, Note]
    """Id -> note that was shown or can be opened."""
    names: dict[str, str]
    """Names that were read -> keys, those in messages too."""
    labels: dict[str, str]
    """The same with names that were only seen called."""
    definitions: Mapping[str, Definition]
    """What these keys mean, and what they rest on."""


def hand_over(setting: Setting, state: State, generation: int, tenure: int) -> HandoverView:
    """The store and the predecessor's messages after every hand-over step."""
    remembered = state.remembered.get(tenure, ())
    view = HandoverView(notes=state.notes, definitions=state.definitions, remembered=remembered)
    for number, step in enumerate(setting.steps):
        view = step.step(view, generator(setting.seed, f"handover {number}", generation, tenure))
    return view


def open_tenure(setting: Setting, state: State, generation: int, tenure: int) -> Opening:
    """The observation of a tenure, from the state as it stood when its generation began."""
    view = hand_over(setting, state, generation, tenure)
    bare = _observation(setting, Inheritance())
    room = max(_room(setting, bare), 0)
    messages = setting.memory.hand_on(view.remembered, room - room // 2, setting.count)
    used = sum(message.tokens(setting.count) for message in messages)
    known = {name: key for message in messages for name, key in message.names.items()}
    layout, read, _ = _lay_out(setting, view, room // 2 if setting.memory.transcripts else room - used, known)
    inheritance = Inheritance(text=read.text, messages=tuple(message.message for message in messages))
    observation = _observation(setting, inheritance)
    names = {**known, **read.names}
    return Opening(
        observation=observation,
        shown=Shown(
            notes=tuple(note.ref for note in layout.shown),
            listed=tuple(note.ref for note in layout.listed),
            dropped=tuple(note.ref for note in layout.dropped[:LOGGED_DROPS]),
            dropped_count=len(layout.dropped),
            messages=len(messages),
            dropped_messages=len(view.remembered) - len(messages),
            tokens=used + setting.count(read.text),
            readable=tuple(sorted(grounded(set(names.values()), view.definitions))),
            names=read.names,
            text=opening(observation) if setting.memory.transcripts else "",
        ),
        notes={note.id: note for note in (*layout.shown, *layout.listed)},
        names=names,
        labels=read.labels,
        definitions=view.definitions,
    )


def readable_keys(setting: Setting, state: State, generation: int) -> frozenset[str]:
    """Keys of the definitions that some tenure of a generation could be shown, or open within its context and turns."""
    found: set[str] = set()
    places = range(1, setting.condition.width + 1) if setting.steps or setting.memory.transcripts else (1,)
    for tenure in places:
        view = hand_over(setting, state, generation, tenure)
        total = max(_room(setting, _observation(setting, Inheritance())), 0)
        messages = setting.memory.hand_on(view.remembered, total - total // 2, setting.count)
        used = sum(message.tokens(setting.count) for message in messages)
        room = total // 2 if setting.memory.transcripts else total - used
        known = {name: key for message in messages for name, key in message.names.items()}
        _, _, asked = _lay_out(setting, view, room, known)
        notes = setting.notes.readable(view.notes, asked, total, setting.budget.turns, setting.count)
        keys = {key for note in notes for key in note.defines.values()}
        keys |= {key for message in messages for key in message.names.values()}
        found |= grounded(keys, view.definitions)
    return frozenset(found)


def _lay_out(setting: Setting, view: HandoverView, room: int, known: dict[str, str]) -> tuple[Layout, Read, int]:
    """What the scheme shows, in the reader's names, and the room that it was asked to fill. Names with suffixes are
    longer than those that the scheme counted, so it is asked again for less when they make the text too long."""
    asked = room
    while True:
        layout = setting.notes.show(view.notes, max(asked, 0), setting.count)
        read = read_parts(layout.parts, known)
        over = setting.count(read.text) - room
        if over <= 0 or asked <= 0:
            return layout, read, max(asked, 0)
        asked -= over


def check_room(setting: Setting) -> None:
    """See that the model has the context that is budgeted, and that the first prompt of a trial leaves room for an
    answer; `UsageError` says what to give."""
    window = setting.agent.window()
    if window is not None and setting.budget.context > window:
        raise UsageError(
            f"the model has room for {window} tokens, and context={setting.budget.context} asks for more; give "
            f"--context {window}, or start the model with more room"
        )
    bare = _observation(setting, Inheritance())
    prompt = _empty_prompt(setting, bare)
    least = prompt + SHORTEST_ANSWER
    enough = -(-max(2 * prompt, least) // 1000) * 1000
    for name in ("context", "tokens"):
        allowed = getattr(setting.budget, name)
        if allowed < least:
            raise UsageError(
                f"the brief and what goes with it have {prompt} tokens, and {name}={allowed} leaves no room for an "
                f"answer; give --{name} {enough if name == 'context' else enough * setting.budget.turns}"
            )
    prices, money = setting.condition.prices, setting.budget.money
    if prices is None or money is None:
        return
    prompt = _empty_prompt(setting, bare, last=True)  # where money is short the first turn is announced as the last
    dear = plain(prices.at_most(prompt, SHORTEST_ANSWER))
    if money < dear:
        least_money = _rounded_up(prices.at_most(prompt + AMOUNT, SHORTEST_ANSWER))
        raise UsageError(
            f"the brief and what goes with it have {prompt} tokens, and with a short answer they may cost {dear:f} "
            f"{prices.currency}; money={money:f} leaves no room for one turn; give --money {least_money:f} at least"
        )


def _rounded_up(amount: Decimal) -> Decimal:
    """To two digits that count."""
    return plain(amount.quantize(Decimal((0, (1,), amount.adjusted() - 1)), rounding=ROUND_UP))


def _empty_prompt(setting: Setting, bare: Observation, last: bool = False) -> int:
    """Tokens of a prompt with nothing handed on."""
    view = TenureView(observation=bare, turns=(), spent=Spent(), last=last)
    return setting.agent.count(setting.agent.messages(view))


def _room(setting: Setting, bare: Observation) -> int:
    """Tokens for what is handed on: half of what a prompt may have beside the brief, if all turns shall be paid."""
    most = Allowance(setting.budget, Spent(), setting.condition.prices).fair_prompt
    return (most - _empty_prompt(setting, bare)) // 2


def _observation(setting: Setting, inheritance: Inheritance) -> Observation:
    return Observation(
        brief=setting.task.brief,
        given=setting.task.given,
        given_text=setting.given_text,
        phenomena=setting.phenomena,
        inheritance=inheritance,
        instructions=setting.notes.instructions(),
        answers=answer_schema(setting.notes.actions),
        budget=setting.budget,
        statement_size=setting.task.statement_size,
        truth_told=setting.truth.tells,
        passes_notes=bool(setting.notes.actions),
        passes_messages=setting.memory.transcripts,
        telling=setting.telling,
    )
