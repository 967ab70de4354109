"""What the memory scheme hands on to one tenure, held to its contract, and what of it can't be called.

Whatever a component hands on must be an end of what the log holds, or be written to the log as text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from relay.errors import UsageError
from relay.notation.dependencies import closure
from relay.notation.syntax import Definition
from relay.records.events import HandedMessage, HandedOn
from relay.schemes.handover.step import HandoverView
from relay.schemes.memory.contract import ENFORCED, broken_rule, hand_over
from relay.schemes.memory.ends import is_end
from relay.schemes.memory.scheme import Remembered
from relay.seeds import entropy, generator
from relay.text import excerpt
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState

__all__ = ["as_event", "handed_view", "leaving", "messages_within", "uncallable"]


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
    )
    for number, step in enumerate(setup.steps):
        purpose = f"handover {number}"
        before = replace(view, lasting=entropy(setup.seed, purpose))
        view = step.step(before, generator(setup.seed, purpose, generation, tenure))
        if not step.writes and not is_end(view.remembered, before.remembered):
            raise UsageError(
                f"the hand-over step `{setup.condition.handover[number].name}` handed on messages that are not the "
                "last ones of those that it got, and that no log would hold; drop the oldest, or set `writes = True`"
            )
    return view


def messages_within(setup: TrialSetup, view: HandoverView, room: int) -> tuple[Remembered, ...]:
    """The messages that the memory scheme hands on in `room` tokens. Raises `UsageError` if it breaks its contract."""
    name = f"the memory scheme `{setup.condition.memory.name}`"
    try:
        done = hand_over(setup.memory, view.remembered, room, setup.count)
    except UsageError:
        raise
    except Exception as error:  # its author's mistake, whatever it is
        what = excerpt(f"{type(error).__name__}: {error}", 200)
        raise UsageError(f"{name} failed to hand on: {what}; fix its `hand_on`") from error
    if broken := broken_rule(done, ENFORCED):
        raise UsageError(f"{name} {broken}")
    messages: tuple[Remembered, ...] = done.result
    return messages


def leaving(setup: TrialSetup, turns: int) -> int:
    """How many of the oldest of `turns` turns leave a prompt that is full. Raises `UsageError` if the memory scheme
    breaks its contract."""
    name = f"the memory scheme `{setup.condition.memory.name}`"
    count: object = setup.memory.leaving(turns)
    if type(count) is not int or not 0 < count < turns:
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
