"""Memory schemes and a hand-over step that break one rule each, and one that writes text of its own as it may."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from relay.researcher.observation import Message
from relay.researcher.tokens import Counter
from relay.schemes.handover.step import HandoverStep, HandoverView
from relay.schemes.memory.ends import longest_end
from relay.schemes.memory.scheme import MemoryScheme, Remembered

ASKED = {"times": 0}


def said(text: str, role: str = "user", **names: str) -> Remembered:
    """A message that nobody sent."""
    return Remembered(message=Message(role=role, content=text), names=names)


class Kept(MemoryScheme):
    """Hands on what fits. The others break one rule."""

    @property
    def transcripts(self) -> bool:
        return True

    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> Any:
        return longest_end(remembered, room, count)


class Lists(Kept):
    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> Any:
        return list(super().hand_on(remembered, room, count))


class Raises(Kept):
    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> Any:
        return remembered[-1000]


class Bare(Kept):
    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> Any:
        return tuple(each.message for each in super().hand_on(remembered, room, count))


class Silent(Kept):
    @property
    def transcripts(self) -> bool:
        return False


class Greedy(Kept):
    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> Any:
        return remembered


class StartsAnywhere(Kept):
    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> Any:
        return super().hand_on(remembered, room, count)[1:]


class Invents(Kept):
    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> Any:
        mine = said("what was never said")
        return (mine,) if mine.tokens(count) <= room else ()


class Leafs(Kept):
    """Leaves out messages in the middle."""

    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> Any:
        whole = super().hand_on(remembered, room, count)
        return (whole[0], *whole[2:]) if len(whole) > 2 else whole


class Smuggles(Kept):
    """Brings definitions without their text."""

    writes: ClassVar[bool] = True

    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> Any:
        names = {name: key for each in remembered for name, key in each.names.items()}
        return (said("see", **names),) if names else ()


class Unheard(Kept):
    """Brings a definition that nobody made."""

    writes: ClassVar[bool] = True

    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> Any:
        return (said("define f(x: Element) -> Element = x", f="0123"),) if remembered and room > 50 else ()


class Fickle(Kept):
    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> Any:
        ASKED["times"] += 1
        return super().hand_on(remembered, room, count) if ASKED["times"] == 1 else ()


class Digest(Kept):
    """Writes a message of its own, which the log holds: the last answers, one after the other."""

    writes: ClassVar[bool] = True

    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> Any:
        answers = [each for each in remembered if each.message.role == "assistant"]
        while answers:
            text = "\n".join(["You said before:", *(each.message.content for each in answers)])
            names = {name: key for each in answers for name, key in each.names.items()}
            mine = said(text, **names)
            if mine.tokens(count) <= room:
                return (mine,)
            answers = answers[1:]
        return ()


class Replaces(HandoverStep):
    """Hands on messages that nobody sent."""

    def step(self, view: HandoverView, rng: np.random.Generator) -> HandoverView:
        return replace(view, remembered=(said("a rumour"),))


class Rewrites(Replaces):
    """The same, and says so."""

    writes: ClassVar[bool] = True
