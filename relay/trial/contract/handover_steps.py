"""The contract of hand-over steps: what every step between the store and a successor keeps."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from relay.components import available, build
from relay.records.condition import Condition
from relay.records.kept import CharterKept
from relay.researcher.tokens import count_text
from relay.schemes.handover.step import HandoverStep, HandoverView
from relay.schemes.memory.ends import is_end
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import NoteScheme
from relay.seeds import generator
from relay.trial.asking import ask
from relay.trial.contract.conversations import conversations
from relay.trial.contract.note_subject import NoteSubject
from relay.trial.contract.rule import BrokenError, Contract, ContractRule, raised
from relay.trial.contract.short_trial import SEED, ShortTrial, lived, resumes, short_condition
from relay.trial.opening import lay_out
from relay.trial.resolve import Schemes

__all__ = ["CONTRACT"]

ROOM = 1_000
"""Tokens that views are laid out in."""


@dataclass(frozen=True)
class StepSubject(ShortTrial):
    """A hand-over step and a folder for its trials."""

    def condition(self) -> Condition:
        """The condition of the trial; its memory scheme hands messages on, so that the step gets some, unless no trial
        with the step may have such a scheme."""
        memory = "fresh" if build("relay.handover", self.source).withholds else "carryover"
        return short_condition(Schemes(memory=memory, handover=(self.source,)))

    @property
    def step(self) -> HandoverStep:
        """The step."""
        return self.setup.steps[0]

    @cached_property
    def views(self) -> list[tuple[NoteScheme, HandoverView]]:
        """Views that the step may get, each with the note scheme that lays it out: one without notes, and those of a
        trial under each installed note scheme."""
        said = list(conversations())
        return [
            (scheme, replace(view, remembered=said[number % len(said)]))
            for number, name in enumerate(available("relay.notes"))
            for scheme, view in _views_under(name)
        ]

    def stepped(self) -> Iterator[tuple[NoteScheme, HandoverView, HandoverView]]:
        """Each note scheme and view, with what the step makes of the view."""
        for scheme, view in self.views:
            yield scheme, view, self.made(view)

    def made(self, view: HandoverView) -> HandoverView:
        """What the step makes of a view, and always makes of it."""
        own = replace(view, notes=dict(view.notes))  # whatever the step does to it
        found: HandoverView = ask(self.step, "step", HandoverView, own, generator(SEED, "step"))
        return found


@cache
def _views_under(notes: str) -> tuple[tuple[NoteScheme, HandoverView], ...]:
    """An installed note scheme, with the views before and after a short trial under it. They are the same for every
    step, so the trial is run once."""
    with TemporaryDirectory(prefix="relay-") as folder:
        subject = NoteSubject(notes, Path(folder))
        return tuple(
            (
                subject.scheme,
                HandoverView(
                    notes=state.store.notes,
                    definitions=state.store.definitions,
                    remembered=(),
                    reader=subject.setup.reader,
                    count=count_text,
                    lasting=SEED,
                ),
            )
            for state in (subject.states[0], subject.states[-1])
        )


def _total(subject: StepSubject) -> None:
    for _, view in subject.views:
        try:
            made = subject.made(_copied(view))
        except (Exception, SystemExit) as error:
            raise BrokenError(f"{raised(error, '`step`')}, for {len(view.notes)} notes") from error
        if wrong := [id for id, note in made.notes.items() if note.id != id]:
            raise BrokenError(f"`notes` has the note `{made.notes[wrong[0]].id}` under the id `{wrong[0]}`")


def _copied(view: HandoverView) -> HandoverView:
    return replace(view, notes=deepcopy(dict(view.notes)), definitions=dict(view.definitions))


def _unchanged(subject: StepSubject) -> None:
    for _, view in subject.views:
        given = _copied(view)
        subject.step.step(given, generator(SEED, "step"))
        if list(given.notes.items()) != list(view.notes.items()) or given.definitions != view.definitions:
            raise BrokenError("it changes the view that it is given; make another one with `replace`")


def _repeatable(subject: StepSubject) -> None:
    for _, view in subject.views:
        first, second = subject.made(view), subject.made(view)
        if list(first.notes.items()) != list(second.notes.items()) or first.remembered != second.remembered:
            raise BrokenError("it makes two different views of the same view and the same random numbers")


def _grounded(subject: StepSubject) -> None:
    for _, view, made in subject.stepped():
        for id, note in made.notes.items():
            there = view.notes.get(id)
            if there is None and note.defines:
                raise BrokenError("a note that was not in the view defines something that can be called")
            if there is None:
                continue
            if not {*note.statements, *note.rests_on.values()} <= {*there.statements, *there.rests_on.values()}:
                raise BrokenError("a note is linked to a statement that it was not linked to before")


def _told(subject: StepSubject) -> None:
    for _, view, made in subject.stepped():
        for id, note in made.notes.items():
            there = view.notes.get(id)
            for name in note.defines:
                if not _stands(name, note) and (there is None or _stands(name, there)):
                    raise BrokenError(f"the definition `{name}` is gone from a note's text, and not from its data")


def _stands(name: str, note: Note) -> bool:
    return f"define {name}(" in note.text


def _logged(subject: StepSubject) -> None:
    for _, view, made in subject.stepped():
        if not subject.step.writes and not is_end(made.remembered, view.remembered):
            raise BrokenError(
                "it hands on messages that are no end of those that it got, and does not say that it `writes`"
            )


def _usable(subject: StepSubject) -> None:
    for scheme, _, made in subject.stepped():
        name = type(scheme).__name__
        try:
            layout, read, _ = lay_out(scheme, made.notes, ROOM, count_text, {})
        except (Exception, SystemExit) as error:
            raise BrokenError(f"`{name}` can't lay out what it hands on: {raised(error, 'it')}") from error
        if count_text(read.text) > ROOM:
            raise BrokenError(f"`{name}` can't lay out what it hands on in {ROOM} tokens")
        if {note.id for note in (*layout.shown, *layout.dropped)} - made.notes.keys():
            raise BrokenError(f"`{name}` shows a note that it does not hand on")


def _measured(subject: StepSubject) -> None:
    for event in subject.events:
        failed = [each.failed for each in event.tenures if each.failed] if isinstance(event, CharterKept) else []
        if failed:
            raise BrokenError(f"`kept` can't tell how a tenure kept the rule: {failed[0]}")


CONTRACT: Contract[StepSubject] = Contract(
    noun="hand-over step",
    subject=StepSubject,
    first=(
        ContractRule("lived", "A trial under it comes to its end.", lived),
        ContractRule("total", "It makes a view of any view, also of one without notes.", _total),
    ),
    then=(
        ContractRule("unchanged", "The view that it gets stays as it was, and so does the store.", _unchanged),
        ContractRule(
            "repeatable", "What it makes depends on the view and the generator that it is given alone.", _repeatable
        ),
        ContractRule("grounded", "Nothing can be called that could not be called before.", _grounded),
        ContractRule("told", "What is taken out of a text is taken out of the note's data too.", _told),
        ContractRule("logged", "Messages are the last ones of those that it got, or it says that it writes.", _logged),
        ContractRule("measured", "If it is a charter, it can tell of every tenure how its rule was kept.", _measured),
        ContractRule("usable", "Every note scheme can lay out what it hands on.", _usable),
        ContractRule(
            "resumed", "A trial that is killed at any moment and resumed has the same log, byte for byte.", resumes
        ),
    ),
)
