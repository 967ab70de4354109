"""Hand-over steps: `(view, rng) -> view`, between the store and the successor.

There are none by default. Controls are such steps: notes in another order, blank notes, lost notes. A step sees
everything that could be handed on, before the note scheme lays it out. Nothing else reaches the successor. The store
stays as it is: the next successor's view is made from it anew.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from relay.notation.statement_reader import StatementReader
from relay.notation.syntax import Definition
from relay.records.condition import Condition
from relay.records.record import Record
from relay.records.task import Task
from relay.researcher.tokens import Counter
from relay.schemes.memory.scheme import Remembered
from relay.schemes.notes.note import Note

__all__ = ["HandoverStep", "HandoverView"]


@dataclass(frozen=True)
class HandoverView:
    """Everything that could be handed to one successor. Change it with `dataclasses.replace`."""

    notes: Mapping[str, Note]
    """Id -> note, in the order in which notes came into the store."""
    definitions: Mapping[str, Definition]
    """Key -> definition, for every definition that the notes and messages are linked to."""
    remembered: tuple[Remembered, ...]
    """Messages of the predecessor in the same place, oldest first.

    A step may drop the oldest messages, or all. One that changes the others has to say so (`HandoverStep.writes`).
    """
    reader: StatementReader
    """Reads the statements in the fences of notes."""
    count: Counter
    """Counts the tokens of a text as the agent does."""
    words: tuple[str, ...] = ()
    """Words that are no notes, such as a rule of conduct: each a paragraph at the end of the successor's first message.
    The log holds them, and they take room from messages and notes."""
    generation: int = 1
    """The successor's generation."""
    tenure: int = 1
    """The successor's place in it, from 1."""
    foreign: int | None = None
    """Set by a step that puts the notes of another trial in the place of the trial's own: after which generation of
    that trial they stood so. Such notes are marked (`Note.foreign`)."""
    lasting: int = 0
    """A number that is the same for all successors of a trial, and another one for each step. What a step draws for
    good, it draws from this number and, say, the id of a note (`relay.seeds.content_generator`); what it draws for one
    successor, it draws from `rng`."""


class HandoverStep(Record):
    """Base of hand-over steps."""

    writes: ClassVar[bool] = False
    """Whether it may hand on messages that are no end of those that it gets. The log then holds the text of what a
    successor gets. Of a step that does not say so, such messages are refused."""

    withholds: ClassVar[bool] = False
    """Whether it takes something out of notes that it leaves in messages. No trial begins with such a step and a memory
    scheme that hands messages on: they hold what was written into the notes, and what was read there."""

    def check(self, condition: Condition, task: Task) -> None:
        """Raise `UsageError` if the step can't be used in a trial of this condition, on this task. It is called before
        a trial begins, and whenever it goes on."""

    @abstractmethod
    def step(self, view: HandoverView, rng: np.random.Generator) -> HandoverView:
        """Return what is handed on: the view that the successor's memory and note schemes get. `view` is everything
        that could be handed on, and `rng` is the step's own generator."""
