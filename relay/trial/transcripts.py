"""The messages of tenures, which a memory scheme may hand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from relay.records.events import SUMMARY, Answered, AnyEvent, HandedOn, Judged, NoteOpened, NotesShown, TurnsGone
from relay.records.status import Status
from relay.researcher.observation import Message, Reply
from relay.researcher.prompting import render_replies
from relay.schemes.memory.scheme import Remembered
from relay.trial.event_meaning import told

__all__ = ["Transcripts"]


@dataclass
class _Transcript:
    """The messages of a running tenure."""

    messages: list[Remembered]
    own: int
    """Index at which the tenure's own answers begin in `messages`."""
    answered: int = -1
    """Index of the last answer in `messages`; -1 before the first answer."""
    replies: list[Reply] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Name whose definition came with one of `replies` -> key."""

    def answer(self, text: str, summary: bool) -> None:
        # replies between two answers are one message
        self.flush()
        self.answered = len(self.messages)
        self.messages.append(Remembered(message=Message(role="assistant", content=text), summary=summary))

    def define(self, name: str, key: str) -> None:
        """Remember that the last answer holds the source of a definition."""
        if self.answered >= 0:
            answer = self.messages[self.answered]
            self.messages[self.answered] = answer.model_copy(update={"names": {**answer.names, name: key}})

    def drop(self, turns: int) -> None:
        """Leave out the oldest turns: the researcher does not see them any more."""
        answers = [at for at in range(self.own, len(self.messages)) if self.messages[at].message.role == "assistant"]
        del self.messages[self.own : answers[turns]]
        self.answered -= answers[turns] - self.own

    def flush(self) -> None:
        """Append the collected replies as one message, if there are any."""
        if self.replies:
            message = Message(role="user", content=render_replies(self.replies))
            self.messages.append(Remembered(message=message, names=dict(sorted(self.names.items()))))
        self.replies, self.names = [], {}


class Transcripts:
    """The messages of the last ended tenure in each place of the chain."""

    def __init__(self, kept: bool) -> None:
        """`kept`: whether the memory scheme hands on messages. If not, none are stored."""
        self._kept = kept
        self._running: dict[int, _Transcript] = {}
        """Place of a running tenure -> its messages so far."""
        self._written: dict[int, HandedOn] = {}
        """Place -> messages that were handed on to its tenure and are no end of a transcript."""
        self.remembered: dict[int, tuple[Remembered, ...]] = {}
        """Place -> messages of the last ended tenure in it."""

    def begin(self, event: NotesShown) -> None:
        """Start the transcript of a tenure with the messages that were handed on to it."""
        if not self._kept:
            return
        opening = Remembered(message=Message(role="user", content=event.text), names=event.names)
        handed_on = [each.model_copy(update={"inherited": True}) for each in self._handed_on(event)]
        self._running[event.tenure] = _Transcript([*handed_on, opening], own=len(handed_on) + 1)

    def _handed_on(self, event: NotesShown) -> tuple[Remembered, ...]:
        if (written := self._written.pop(event.tenure, None)) is not None:
            return tuple(
                Remembered(message=Message(role=each.role, content=each.content), names=each.names)
                for each in written.messages
            )
        # The log holds only the number of messages that are the end of a transcript.
        before = self.remembered.get(event.tenure, ())
        return before[len(before) - event.messages :] if event.messages else ()

    def apply(self, event: AnyEvent) -> None:
        """Add what was handed on otherwise than as the end of a transcript, an answer, a reply or an opened note."""
        if isinstance(event, HandedOn) and self._kept:
            self._written[event.tenure] = event
        transcript = self._running.get(event.tenure)
        if transcript is None:
            return
        if isinstance(event, Answered):
            transcript.answer(event.allowed_text, event.purpose == SUMMARY and not event.fault)
        if (reply := told(event)) is not None:
            transcript.replies.append(reply)
        match event:
            case Judged(kind="define", status=Status.DEFINED):
                transcript.define(event.name, event.key)
            case TurnsGone():
                transcript.drop(event.count)
            case NoteOpened():
                transcript.names.update(event.names)

    def end(self, tenure: int) -> Iterator[str]:
        """End a tenure's transcript and remember it. Returns the keys of the definitions whose source is in its
        messages."""
        transcript = self._running.get(tenure)
        if transcript is None:
            return iter(())
        transcript.flush()
        self.remembered[tenure] = tuple(transcript.messages)
        return (key for message in transcript.messages for key in message.names.values())

    def end_generation(self) -> None:
        """Drop the running transcripts: all tenures of the generation have ended."""
        self._running, self._written = {}, {}
