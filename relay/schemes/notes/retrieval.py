"""`retrieval(k=..., cap=...)`: atomic notes, which a researcher looks for with words of its own.

A search shows the `k` best notes that the researcher has not read, each after the notes that hold what it calls: by
BM25, or with `by=embeddings` by the cosine of a model's embeddings. It costs nothing but the turn's tokens. A successor
begins with the newest notes, up to the cap: nobody has asked anything yet. A researcher that can't search gets no more
than these.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from relay.components import build
from relay.records.record import later
from relay.records.spec import ComponentSpec
from relay.records.status import Status
from relay.researcher.actions import Action, Purpose, Role, Sure, note_action
from relay.researcher.model import Model, read_model, title
from relay.researcher.tokens import Counter
from relay.schemes.notes.authors import heading, told_of
from relay.schemes.notes.bm25 import bm25
from relay.schemes.notes.common_actions import OpenNote, StrikeNote
from relay.schemes.notes.embeddings import Embeddings, similarity
from relay.schemes.notes.holders import Holders
from relay.schemes.notes.linking import close_fences
from relay.schemes.notes.note import Note
from relay.schemes.notes.page import first_that_fit
from relay.schemes.notes.scheme import (
    CALLABLE,
    FoundNotes,
    Layout,
    Mention,
    NotePlace,
    Notes,
    NoteScheme,
    Opened,
    Outcome,
    Part,
    Refused,
    Written,
)
from relay.schemes.outside import Outside
from relay.text import excerpt, quantity

__all__ = ["FileNote", "Retrieval", "SearchNotes"]

LONGEST = 250
"""Most tokens of a note, if a quarter of the cap is not less."""
DIGITS = 4
"""Digits after the point of a score that count. Logarithms may differ in their last digits from machine to machine, and
the order must not."""
MORE = "{} older; search for them."


class FileNote(Action):
    """Write one note about one thing."""

    purpose: ClassVar[Purpose | None] = Purpose.WRITE

    action: Literal["file"] = "file"
    text: Annotated[str, Role.TEXT]
    sure: Sure = ""


class SearchNotes(Action):
    """Read the notes that fit some words best."""

    purpose: ClassVar[Purpose | None] = Purpose.FIND

    action: Literal["search"] = "search"
    query: Annotated[str, Role.QUERY]


class Retrieval(NoteScheme):
    """Atomic notes, and the best of them for a researcher's own words."""

    k: int = Field(default=8, ge=1, le=64)
    """Most notes that a search finds, without those that hold what they call."""
    cap: int = Field(default=2_000, ge=100)
    """Most tokens of the newest notes that a successor begins with."""

    by: Literal["bm25", "embeddings"] = later("bm25")
    """How a search finds the best notes: by the words that they share with it, or by a model's embeddings."""
    model: ComponentSpec | None = later(None)
    """The model that embeds, for `embeddings`: openai/NAME, for any endpoint that has `/embeddings`, or
    sentence_transformers/NAME, on this machine."""

    actions = (FileNote, SearchNotes, OpenNote, StrikeNote)

    @field_validator("model", mode="before")
    @classmethod
    def _resolved(cls, value: Any) -> Any:
        return None if value is None else read_model(value)

    @model_validator(mode="after")
    def _has_its_model(self) -> Retrieval:
        if (self.by == "embeddings") != (self.model is not None):
            raise ValueError("give by=embeddings and model=openai/NAME or model=sentence_transformers/NAME, or neither")
        return self

    @cached_property
    def _model(self) -> Model | None:
        return None if self.model is None else build("relay.models", self.model)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Serve the model that embeds meanwhile, if there is one. Raises `UsageError` if its provider can't embed."""
        if self._model is None:
            yield
            return
        if type(self._model).embed is Model.embed:
            await self._model.embed(())
        async with self._model.served():
            yield

    @property
    def limit(self) -> int:
        """The cap."""
        return self.cap

    @property
    def _longest(self) -> int:
        """Most tokens of a note."""
        return min(LONGEST, self.cap // 4)

    def instructions(self) -> str:
        """The scheme and its actions, in words."""
        write, search, read, strike = (note_action(kind).example for kind in self.actions)
        return (
            f"Notes are single slips, any number of them; whoever comes after you begins with up to {self.cap} tokens "
            f"of the newest. Look for others with {search}: the {self.k} best for your words are shown, with what they "
            f"call. Read one by its id with {read}. Write a note about one thing with {write}: up to {self._longest} "
            "tokens, in words that others would look for; `sure` may say certain, likely or guess. Take a note out "
            f"with {strike}. {CALLABLE}"
        )

    # --- what is shown ---------------------------------------------------------------------------------------------

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        """The newest notes, each after those that hold what it calls, up to the first that does not fit."""
        room = min(room, self.cap)
        older = count(MORE.format(quantity(len(notes), "note")))
        parts, left = first_that_fit(_newest(notes), room - older, count)
        shown = {part.note.id for part in parts if part.note is not None}
        dropped = tuple(note for note in reversed(list(notes.values())) if note.id not in shown)
        if dropped and left >= 0:
            parts.append(Part(MORE.format(quantity(len(dropped), "note"))))
        return Layout(parts=tuple(parts), dropped=dropped, searchable=True)

    # --- what is done ----------------------------------------------------------------------------------------------

    async def carry_out(self, action: Action, place: NotePlace, outside: Outside) -> Outcome:
        """Write, look for, open or strike notes; by embeddings, a search asks the model."""
        if self._model is None or self.model is None or not isinstance(action, SearchNotes):
            return self.apply(action, place)
        unread = _unread(place)
        if not unread or not action.query.strip():
            return self._found(unread, [], action.query, place)
        embeddings = Embeddings(self._model, title(self.model), outside)
        embedded = await embeddings.of([action.query, *(note.text for note in unread)])
        if embedded is None:
            return Refused("The search failed, since what notes are found with did not answer: search again.")
        asked, *others = embedded
        scores = [similarity(asked, other) for other in others]
        return self._found(unread, _ranked(unread, scores, -math.inf), action.query, place)

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        """Write, look for, open or strike notes. A search goes by words here."""
        match action:
            case FileNote(text=text, sure=sure):
                return self._write(text, sure, place)
            case SearchNotes(query=query):
                unread = _unread(place)
                scores = bm25([note.text for note in unread], query)
                return self._found(unread, _ranked(unread, scores, 0), query, place)
            case OpenNote(id=id):
                note = place.notes.get(id)
                return _no_note(id) if note is None else Opened(note)
            case StrikeNote(id=id):
                note = place.notes.get(id)
                if note is None:
                    return _no_note(id)
                reply = f"Note {id} is taken out for those who come after you."
                return Written(id, "", reply, version=note.version + 1, parents=(note.ref,))
        return super().apply(action, place)

    def _write(self, text: str, sure: str, place: NotePlace) -> Outcome:
        text = close_fences(text.strip())
        if not text:
            return Refused("A note needs a text.")
        if (tokens := place.count(text)) > self._longest:
            return Refused(
                f"The note has {tokens} tokens, and may have {self._longest}: write one note about each thing."
            )
        linked = place.link(text)
        id = place.fresh_id()
        data = {"sure": sure} if sure else {}
        reply = f"Written as {id}; others can find it.{linked.warning}"
        return Written(id, text, reply, linked=linked, sure=told_of(linked), data=data)

    def _found(self, unread: Sequence[Note], ranked: Sequence[Note], query: str, place: NotePlace) -> Outcome:
        """The first `k` of `ranked`, each after those that hold what it calls."""
        if not unread:
            return Refused("You have read every note that there is.")
        if not ranked:
            return Refused(f"No note that you have not read has any of these words: `{excerpt(query, 60)}`.")
        holders = Holders(place.notes.values())
        found: dict[str, Note] = {}
        for note in ranked[: self.k]:
            found |= {each.id: each for each in holders.needed(note, {*place.read, *found})}
        return FoundNotes(tuple(found.values()), f"The best of {quantity(len(unread), 'note')} that you had not read:")


def _unread(place: NotePlace) -> list[Note]:
    return [note for id, note in place.notes.items() if id not in place.read]


def _newest(notes: Notes) -> Iterator[list[Part]]:
    """The newest notes first, each with those that hold what it calls, and that did not come yet, before it."""
    holders = Holders(notes.values())
    placed: dict[str, Note] = {}
    for note in reversed(list(notes.values())):
        if note.id not in placed:
            new = {each.id: each for each in holders.needed(note, placed)}
            placed |= new
            yield [_part(each) for each in new.values()]


def _ranked(notes: Sequence[Note], scores: Sequence[float], least: float) -> list[Note]:
    """Those of `notes` whose score is above `least`, the best first; of equals the newest first."""
    rounded = [round(score, DIGITS) for score in scores]
    order = sorted(range(len(notes)), key=lambda at: (-rounded[at], -at))
    return [notes[at] for at in order if rounded[at] > least]


def _part(note: Note) -> Part:
    """A note, with what was told of its statement if it holds just one. That a definition is one can be seen."""
    status = note.sure if len(note.statements) == 1 and note.sure != Status.DEFINED else ""
    explains = f"explains {', '.join(map(str, note.explains))}" if note.explains else ""
    told = "; ".join(filter(None, (f"told: {status}" if status else "", explains)))
    return Part(f"{heading(note, 'Note', told=told)}\n{note.text}", note, (Mention(note.id, status, note.explains),))


def _no_note(id: str) -> Refused:
    return Refused(f"There is no note `{excerpt(id, 40)}`: give the id of one, or search for words.")
