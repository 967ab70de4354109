"""Conversations that a memory scheme or a hand-over step may have to hand on."""

from __future__ import annotations

from collections.abc import Iterator

from relay.researcher.observation import Message
from relay.schemes.memory.scheme import Remembered

__all__ = ["ROOMS", "conversations"]

ROOMS = (0, 1, 30, 60, 120, 300, 1_000, 20_000)
"""Tokens that there is room for."""


def conversations() -> Iterator[tuple[Remembered, ...]]:
    """Conversations of several lengths: with summaries, with what had been handed on before, with answers that nothing
    was replied to, and with none."""
    yield ()
    yield (_said("Explain what you see."),)
    for turns in (1, 2, 5):
        for summary in (False, True):
            for before in (0, 2):
                yield (*_turns(before, inherited=True), *_turns(turns, summary=summary))
    yield (*_turns(3), _said("And so on. " * 500), *_turns(2)[1:])
    yield tuple(each for each in _turns(4) if each.message.content != "It is defined.")


def _turns(number: int, *, inherited: bool = False, summary: bool = False) -> tuple[Remembered, ...]:
    """A first message to the researcher, then its answers and the replies to them."""
    if not number:
        return ()
    found = [_said("Explain what you see. There are notes for you.", inherited=inherited)]
    for turn in range(number):
        name = f"f{turn}{'_old' * inherited}"
        source = f"define {name}(x: Element) -> Element = op(x, {'x' if not turn else f'f{turn - 1}(x)'})"
        answer = Message(role="assistant", content=f"I try this. {'Hm. ' * 5 * turn}\n```relay\n{source}\n```")
        names = {name: f"the key of {name}"}
        found.append(Remembered(message=answer, names=names, summary=summary and turn == 1, inherited=inherited))
        found.append(_said("It is defined.", inherited=inherited))
    return tuple(found)


def _said(text: str, *, inherited: bool = False) -> Remembered:
    return Remembered(message=Message(role="user", content=text), inherited=inherited)
