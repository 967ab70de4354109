"""`stripped(remarks=true)` and `stripped(statements=true)`: notes without their remarks, or without their statements.

Remarks are all that is no statement which the note's author had stated or could read: the text around its fences,
comments in them, whatever else stands in a fence, and the scheme's own texts, such as titles. Names of definitions and
claims belong to the statements. Statements are what stands in fences; a definition in plain words is a remark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import model_validator

from relay.errors import NotationError
from relay.notation import fences, mentioned_names, split_statements
from relay.records.status import Status
from relay.schemes.handover.plain_words import plain_words
from relay.schemes.handover.step import HandoverStep, HandoverView
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import FENCE

__all__ = ["Stripped"]

UNTITLED = "..."
"""Stands for a text of the scheme's own, such as a title, that was taken out."""


class Stripped(HandoverStep):
    """A control: all remarks are taken out of the notes, or all statements."""

    remarks: bool = False
    """Whether all remarks are taken out: what is left of a note are the statements that can be called or read."""
    statements: bool = False
    """Whether all statements are taken out: what is left of a note are its words."""

    @model_validator(mode="after")
    def _one_of_them(self) -> Stripped:
        if self.remarks == self.statements:
            raise ValueError(
                "take out the one or the other: write stripped(remarks=true) or stripped(statements=true)"
                + ("; without both there are no notes, as with --notes none" if self.remarks else "")
            )
        return self

    def step(self, view: HandoverView, rng: np.random.Generator) -> HandoverView:
        """The notes of which something is left, with what is left of them."""
        strip = _bare if self.remarks else _worded
        left = {id: strip(note, view) for id, note in view.notes.items()}
        return replace(view, notes={id: note for id, note in left.items() if note.text})


def _bare(note: Note, view: HandoverView) -> Note:
    """The note's statements alone; without text if it has none."""
    sources = list(_sources(note, view))
    text = FENCE.format("\n".join(sources)) if sources else ""
    sure = note.sure if _is_reported(note.sure) else ""
    return note.model_copy(update={"text": text, "sure": sure, "data": _untitled(note.data)})


def _sources(note: Note, view: HandoverView) -> Iterator[str]:
    """The statements of a note as they stand in it, without comments."""
    for fence in fences(note.text):
        for located in split_statements(fence.body):
            meant = {name: note.rests_on.get(name, "") for name in sorted(mentioned_names(located.source))}
            called = {name: view.definitions[key] for name, key in meant.items() if key in view.definitions}
            try:
                statement = view.reader.reread(located.source, called)
            except NotationError:
                continue
            if statement.key in note.statements:
                lines = (line.partition("#")[0].rstrip() for line in located.source.split("\n"))
                yield "\n".join(filter(None, lines))


def _untitled(data: Any) -> Any:
    """The scheme's own fields without their texts. Keys and numbers stay."""
    if isinstance(data, dict):
        return {key: _untitled(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_untitled(value) for value in data]
    return UNTITLED if isinstance(data, str) and data else data


def _worded(note: Note, view: HandoverView) -> Note:
    """The note's words alone, without fences; without text if it has none."""
    # what was told of the statements goes with them; an author's own words stay
    sure = "" if _is_reported(note.sure) else note.sure
    without = {"rests_on": {}, "statements": (), "explains": (), "sure": sure, "told": {}}
    return note.model_copy(update={"text": plain_words(note.text), **without})


def _is_reported(sure: str) -> bool:
    """Whether this consists of statuses that were reported, and not of an author's words."""
    return all(word in set(Status) for word in sure.split(", "))
