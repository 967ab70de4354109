"""What a memory scheme must keep to: the rules of what it hands on, each a function of its own.

The engine applies them to whatever is handed on (`relay.trial.handing_on`), and a test applies them to every installed
scheme. Three rules are about whole trials, and only the test has them: a killed trial goes on byte for byte, the log
tells what was handed on, and the definitions in it can be called, or the successor is told which can't.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from relay.researcher.tokens import Counter
from relay.schemes.memory.ends import is_end
from relay.schemes.memory.scheme import MemoryScheme, Remembered

__all__ = ["ENFORCED", "RULES", "HandedOver", "broken_rule", "hand_over"]


@dataclass(frozen=True)
class HandedOver:
    """What a scheme handed on, and what it was given."""

    scheme: MemoryScheme
    remembered: tuple[Remembered, ...]
    room: int
    count: Counter
    result: Any
    """What `hand_on` returned."""


def hand_over(scheme: MemoryScheme, remembered: tuple[Remembered, ...], room: int, count: Counter) -> HandedOver:
    """What the scheme hands on. Whatever it raises is raised."""
    return HandedOver(scheme, remembered, room, count, scheme.hand_on(remembered, room, count))


def messages_only(done: HandedOver) -> str:
    """It returns a tuple of remembered messages."""
    found = done.result
    if not isinstance(found, tuple):
        return f"returned {_kind(found)} instead of a tuple of `Remembered`; return the messages that are handed on"
    other = next((each for each in found if not isinstance(each, Remembered)), None)
    if other is not None:
        return f"handed on {_kind(other)} instead of a `Remembered`; hand on messages of `remembered`"
    return ""


def nothing_undeclared(done: HandedOver) -> str:
    """A scheme whose messages are not stored hands none on."""
    if done.result and not done.scheme.transcripts:
        return "hands messages on, and its `transcripts` says that it does not; let it return True"
    return ""


def room_kept(done: HandedOver) -> str:
    """The messages fit into the room, to the token."""
    tokens = sum(each.tokens(done.count) for each in done.result)
    if tokens > done.room:
        return f"handed on {tokens} tokens, and there was room for {done.room}; hand on fewer messages"
    return ""


def begins_with_user(done: HandedOver) -> str:
    """The first message is one to the researcher: models expect that a conversation begins with a user's message."""
    if done.result and done.result[0].message.role != "user":
        return f"handed on a conversation that begins with a message of the role `{done.result[0].message.role}`; " + (
            "begin with one of the role `user`"
        )
    return ""


def logged(done: HandedOver) -> str:
    """What is handed on is an end of what the log holds, unless the scheme says that it writes text of its own."""
    if not done.scheme.writes and not is_end(done.result, done.remembered):
        return (
            "handed on messages that are not the last ones of the conversation, and that no log would hold; hand on an "
            "end of `remembered`, or set `writes = True`"
        )
    return ""


def names_stand_in_text(done: HandedOver) -> str:
    """A definition that a message of its own brings was in the conversation, and can be read in the message."""
    there = {key for each in done.remembered for key in each.names.values()}
    for each in done.result if done.scheme.writes else ():
        for name, key in sorted(each.names.items()):
            if key not in there:
                return f"brings a definition `{name}` that was not in the conversation; keep to the `names` of messages"
            if f"define {name}(" not in each.message.content:
                return f"brings the definition of `{name}` without its text; leave the name out, or hand on the text"
    return ""


def repeatable(done: HandedOver) -> str:
    """Asked again, it hands on the same: a trial that is resumed or read again must find what happened."""
    if done.scheme.hand_on(done.remembered, done.room, done.count) != done.result:
        return "handed on other messages when it was asked again; let the result depend on its arguments alone"
    return ""


Rule = Callable[[HandedOver], str]

ENFORCED: Sequence[Rule] = (
    messages_only,
    nothing_undeclared,
    room_kept,
    begins_with_user,
    logged,
    names_stand_in_text,
)
"""The rules that the engine applies to every hand-over. Each tells how it is broken, as the rest of a sentence about
the scheme; empty if it is not. A rule may rely on those before it."""

RULES: Sequence[Rule] = (*ENFORCED, repeatable)


def broken_rule(done: HandedOver, rules: Sequence[Rule] = RULES) -> str:
    """How the hand-over breaks the first of `rules` that it breaks, as the rest of a sentence; empty if it breaks
    none."""
    return next(filter(None, (rule(done) for rule in rules)), "")


def _kind(value: object) -> str:
    return "nothing" if value is None else f"a value of the type {type(value).__name__}"
