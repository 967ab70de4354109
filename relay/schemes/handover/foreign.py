"""`foreign(trial=...)`: the notes of another chain on another theory, in the place of a trial's own.

A successor in generation g is shown what stood in the other trial's notes after generation g - 1, or, if that trial is
shorter, at its end. The page is laid out by the note scheme, as it would have been there. Nothing in it can be called,
edited or struck, and its ids begin with `0.`. What researchers write goes into the store of their own trial, which
nobody is shown. So the control tells the worth of what one's own chain has found from that of having notes at all.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np

from relay.errors import UsageError
from relay.records.condition import Condition, digest
from relay.records.events import FOREIGN
from relay.records.marks import CopiedFile
from relay.records.notes import apply_change
from relay.records.task import Task
from relay.records.trial_notes import TrialNotes, read_trial_notes, task_name
from relay.schemes.handover.step import HandoverStep, HandoverView
from relay.schemes.notes.note import Note

__all__ = ["Foreign"]


class Foreign(HandoverStep):
    """A control: the notes of another trial, as they stood a generation before the successor's."""

    withholds: ClassVar[bool] = True

    trial: Annotated[str, CopiedFile("trial's notes", trial=True)]
    """The directory of the other trial. Its notes are copied when the condition is resolved."""

    def check(self, condition: Condition, task: Task) -> None:
        """Raise `UsageError` if the other trial kept its notes otherwise, or had another task, or the same theory."""
        notes = self._notes
        if notes.scheme != condition.notes.name:
            raise UsageError(
                f"the other trial has notes of `{notes.scheme}`, and this one of `{condition.notes.name}`; give "
                f"--notes {notes.scheme}, or a trial that was run with --notes {condition.notes.name}"
            )
        if notes.task != (own := task_name(condition, task)):
            raise UsageError(
                f"the other trial has the task `{notes.task}`, and this one `{own}`; give a trial with this task"
            )
        if notes.theory == digest(task):
            raise UsageError(
                "the other trial has the very theory of this one, so its notes are not foreign; give a trial with "
                "another --seed"
            )

    def step(self, view: HandoverView, rng: np.random.Generator) -> HandoverView:
        """The other trial's notes, and none of the trial's own. Messages stay as they are."""
        stores = self._stores
        after = min(view.generation - 1, len(stores) - 1)
        return replace(view, notes=stores[after], foreign=after)

    @cached_property
    def _notes(self) -> TrialNotes:
        return read_trial_notes(Path(self.trial))

    @cached_property
    def _stores(self) -> tuple[dict[str, Note], ...]:
        """The other trial's notes at its start, and after each of its generations."""
        stores: list[dict[str, Note]] = [{}]
        for changes in self._notes.generations:
            store = dict(stores[-1])
            for change in changes:
                placed = change.model_copy(update={"id": f"{FOREIGN}{change.id}"})
                apply_change(store, placed, Note.of(placed).model_copy(update={"foreign": True}))
            stores.append(store)
        return tuple(stores)
