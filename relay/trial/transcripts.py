"""What tenures said and were told, as messages that a memory scheme may hand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from relay.records.events import Acted, Answered, AnyEvent, Fault, Judged, NoteOpened, NotesShown
from relay.records.status import Status
from relay.researcher.observation import Message
from relay.researcher.prompting import render_replies
from relay.schemes.memory.scheme import Remembered
from relay.trial.event_meaning import lost_turn, seen_answer

__all__ = ["Transcripts"]


@dataclass
class _Transcript:
    """One tenure's messages, in the making."""

    messages: list[Remembered]
    answered: int = -1
    """Where its last answer stands."""
    replies: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Names whose definitions came with these replies -> keys."""

    def answer(self, text: str) -> None:
        self.flush()
        self.answered = len(self.messages)
        self.messages.append(Remembered(message=Message(role="assistant", content=text)))

    def define(self, name: str, key: str) -> None:
        """The last answer holds the source of a definition."""
        if self.answered >= 0:
            answer = self.messages[self.answered]
            self.messages[self.answered] = answer.model_copy(update={"names": {**answer.names, name: key}})

    def flush(self) -> None:
        """Close the message with the replies, if there are any."""
        if self.replies:
            message = Message(role="user", content=render_replies(self.replies))
            self.messages.append(Remembered(message=message, names=dict(sorted(self.names.items()))))
        self.replies, self.names = [], {}


class Transcripts:
    """The messages of the last tenure in each place of the chain."""

    def __init__(self, kept: bool) -> None:
        """`kept`: whether the memory scheme hands messages on; else there are none."""
        self._kept = kept
        self._running: dict[int, _Transcript] = {}
        """Place of a tenure that has not ended -> its messages so far."""
        self.remembered: dict[int, tuple[Remembered, ...]] = {}
        """Place of a tenure -> messages of the last one in it that has ended."""

    def begin(self, event: NotesShown) -> None:
        """A tenure begins, with the messages that were handed on to it."""
        if not self._kept:
            return
        before = self.remembered.get(event.tenure, ())
        opening = Remembered(message=Message(role="user", content=event.text), names=event.names)
        handed_on = before[len(before) - event.messages :] if event.messages else ()
        self._running[event.tenure] = _Transcript([*handed_on, opening])

    def apply(self, event: AnyEvent) -> None:
        """Take in what a tenure said or was told."""
        transcript = self._running.get(event.tenure)
        if transcript is None:
            return
        match event:
            case Answered():
                transcript.answer(seen_answer(event))
            case Judged(kind="define", status=Status.DEFINED):
                transcript.define(event.name, event.key)
            case Acted():
                transcript.replies.append(event.reply)
            case Fault(side="model"):
                transcript.replies.append(lost_turn(event))
            case NoteOpened():
                transcript.names.update(event.names)

    def end(self, tenure: int) -> Iterator[str]:
        """A tenure has ended: its messages are remembered. Gives the keys of the definitions that stand in them."""
        transcript = self._running.get(tenure)
        if transcript is None:
            return iter(())
        transcript.flush()
        self.remembered[tenure] = tuple(transcript.messages)
        return (key for message in transcript.messages for key in message.names.values())

    def end_generation(self) -> None:
        """No tenure is running any more."""
        self._running = {}
