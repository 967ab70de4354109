"""What the memory scheme hands on to one tenure, held to its contract, and what of it can't be called.

Whatever a component hands on must be an end of what the log holds, or be written to the log as text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from relay.errors import UsageError
from relay.notation.dependencies import closure
from relay.notation.syntax import Definition
from relay.records.events import HandedMessage, HandedOn
from relay.researcher.prompting import told_words
from relay.schemes.handover.step import HandoverStep, HandoverView
from relay.schemes.memory.contract import ENFORCED, HandedOver, broken_rule
from relay.schemes.memory.ends import is_end
from relay.schemes.memory.scheme import Remembered
from relay.seeds import entropy, generator
from relay.trial.asking import ask, named, place_in
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState

__all__ = [
    "as_event", "check_steps", "handed_view", "leaving", "messages_within", "stepped", "uncallable", "words_within",
]  # fmt: skip


def check_steps(setup: TrialSetup) -> None:
    """Raise `UsageError` if a hand-over step takes out of the notes what the memory scheme hands on in messages."""
    if not setup.memory.transcripts:
        return
    for step, spec in zip(setup.steps, setup.condition.handover, strict=True):
        if step.withholds:
            raise UsageError(
                f"the hand-over step `{spec.name}` takes something out of the notes, and the memory scheme "
                f"`{setup.condition.memory.name}` would hand it on in messages; give --memory fresh, or another one "
                "that hands on no messages, or leave out the step"
            )


def handed_view(setup: TrialSetup, state: TrialState, generation: int, tenure: int) -> HandoverView:
    """What could be handed to one tenure, after every hand-over step: the store and its predecessor's messages.

    Raises `UsageError` if a step replaces messages without saying that it writes.
    """
    remembered = state.transcripts.remembered.get(tenure, ())
    view = HandoverView(
        notes=state.store.notes,
        definitions=state.store.definitions,
        remembered=remembered,
        reader=setup.reader,
        count=setup.count,
        generation=generation,
        tenure=tenure,
    )
    for number, step in enumerate(setup.steps):
        purpose = f"handover {number}"
        before = replace(view, lasting=entropy(setup.seed, purpose))
        view = stepped(step, before, generator(setup.seed, purpose, generation, tenure))
        if not step.writes and not is_end(view.remembered, before.remembered):
            raise UsageError(
                f"the hand-over step `{setup.condition.handover[number].name}` handed on messages that are not the "
                "last ones of those that it got, and that no log would hold; drop the oldest, or set `writes = True`"
            )
    return view


def stepped(step: HandoverStep, view: HandoverView, rng: np.random.Generator) -> HandoverView:
    """What a hand-over step makes of a view, which it can't change. Raises `UsageError` if it makes something else."""
    read_only = replace(view, notes=MappingProxyType(view.notes), definitions=MappingProxyType(view.definitions))
    made: HandoverView = ask(step, "step", HandoverView, read_only, rng)
    wrong = next((id for id, note in made.notes.items() if note.id != id), None)
    if wrong is not None:
        raise UsageError(
            f"{named(step)} returned the note `{made.notes[wrong].id}` under the id `{wrong}`{place_in(step, 'step')}; "
            "let `notes` map each id to its note"
        )
    return replace(made, definitions=view.definitions)


def words_within(setup: TrialSetup, view: HandoverView, room: int) -> int:
    """Tokens of the words that hand-over steps hand on. Raises `UsageError` if they are no words, or more than `room`
    tokens."""
    if not view.words:
        return 0
    names = ", ".join(f"`{step.name}`" for step in setup.condition.handover)
    if not isinstance(view.words, tuple) or not all(isinstance(each, str) and each.strip() for each in view.words):
        raise UsageError(f"the hand-over ({names}) hands on `words` that are no tuple of texts; fix its `step`")
    tokens = setup.count(f"\n\n{told_words(view.words)}")
    if tokens > room:
        raise UsageError(
            f"the hand-over ({names}) hands on words of {tokens} tokens, and there is room for {room}; shorten them, "
            "or give more --context"
        )
    return tokens


def messages_within(setup: TrialSetup, view: HandoverView, room: int) -> tuple[Remembered, ...]:
    """The messages that the memory scheme hands on in `room` tokens. Raises `UsageError` if it breaks its contract."""
    name = f"the memory scheme `{setup.condition.memory.name}`"
    result = ask(setup.memory, "hand_on", Any, view.remembered, room, setup.count)
    done = HandedOver(setup.memory, view.remembered, room, setup.count, result)
    if broken := broken_rule(done, ENFORCED):
        raise UsageError(f"{name} {broken}{place_in(setup.memory, 'hand_on')}")
    messages: tuple[Remembered, ...] = done.result
    return messages


def leaving(setup: TrialSetup, turns: int) -> int:
    """How many of the oldest of `turns` turns leave a prompt that is full. Raises `UsageError` if the memory scheme
    breaks its contract."""
    name = f"the memory scheme `{setup.condition.memory.name}`"
    count: int = ask(setup.memory, "leaving", int, turns)
    if not 0 < count < turns:
        raise UsageError(f"{name} lets {count!r} of {turns} turns leave; its `leaving` must give 1 to {turns - 1}")
    return count


def as_event(messages: tuple[Remembered, ...], logged: tuple[Remembered, ...]) -> HandedOn | None:
    """The event that holds the text of messages which are no end of `logged`; None if they are one."""
    if is_end(messages, logged):
        return None
    return HandedOn(
        messages=tuple(
            HandedMessage(role=each.message.role, content=each.message.content, names=dict(sorted(each.names.items())))
            for each in messages
        )
    )


def uncallable(
    known: Mapping[str, str], read: Collection[str], definitions: Mapping[str, Definition], can_call: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Name of a definition in a message that can't be called -> names of what it rests on and the tenure can't read,
    sorted. `known` maps the names to keys, `read` has the keys of all that the tenure can read."""
    found: dict[str, tuple[str, ...]] = {}
    for name, key in sorted(known.items()):
        if key not in can_call:
            below = closure([key], definitions)
            found[name] = tuple(sorted({each.name for at, each in below.items() if at not in read}))
    return found
