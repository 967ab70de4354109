"""What happened in a trial, tenure by tenure, read from its directory: what each researcher was handed, what it knew
before each answer, and the events of each turn.

With the trial's components the openings and views are computed again, by the same functions that a running trial uses,
so the prompts that follow from them are those that were sent. Without them the page of notes consists of the texts of
the notes that the log names. Nothing is written, no researcher is asked, and nothing is judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from relay.errors import UsageError
from relay.records.condition import Condition
from relay.records.events import (
    Answered,
    AnyEvent,
    GenerationEnded,
    GenerationStarted,
    HandedOn,
    NoteChanged,
    NotesShown,
    Searched,
    TenureEnded,
    TenureStarted,
    TrialEnded,
    TrialStarted,
)
from relay.records.notes import apply_change
from relay.records.reader import Ending, TrialReader
from relay.researcher.observation import Message, TenureView
from relay.researcher.prompting import opening
from relay.text import quantity
from relay.trial.allowance import Horizon
from relay.trial.copies import check_trust
from relay.trial.directory import condition_in
from relay.trial.opening import Opening, open_tenure
from relay.trial.personas import persona_of, personas_in
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.tenure_state import TenureState
from relay.trial.turn_ahead import turn_ahead
from relay.trial.versions import differing_versions

__all__ = ["PastTenure", "PastTurn", "Replay"]

SEPARATOR = "\n\n"
"""Text between two notes of a page that is not laid out again."""


@dataclass(frozen=True)
class PastTurn:
    """One turn. The last turn of an open tenure may lack its answer, or some of what followed from it."""

    number: int
    view: TenureView | None
    """What the researcher knew before its answer; None if the components are not there."""
    events: tuple[AnyEvent, ...]

    @property
    def answered(self) -> Answered | None:
        """The answer, if it has come."""
        return next((event for event in self.events if isinstance(event, Answered)), None)

    @property
    def searched(self) -> int:
        """Evaluations of the searches for the answer, on the bench or outside of it."""
        on_bench = sum(event.count for event in self.events if isinstance(event, Searched))
        return on_bench + (0 if self.answered is None else self.answered.searched)


@dataclass(frozen=True)
class PastTenure:
    """One tenure, which has ended or is open."""

    generation: int
    tenure: int
    shown: NotesShown
    page: str
    """The first message with the notes, as it was shown; if it is not `exact`, the texts of the notes that it had."""
    exact: bool
    """Whether the page, and the turns' views, are what the researcher saw."""
    stepped: bool
    """Whether hand-over steps stood between the notes and the page. If it is not `exact`, its texts are those of the
    store, and the researcher may have been shown others."""
    messages: tuple[Message, ...]
    """The messages that were handed on; none if the tenure is not `exact`."""
    turns: tuple[PastTurn, ...]
    ended: TenureEnded | None
    """The end; None while the tenure is open."""
    persona: str = ""
    """What said to its researcher who it is; empty if nothing did."""


@dataclass(frozen=True)
class Replay:
    """A trial that is read again. It was verified as a whole."""

    reader: TrialReader
    ending: Ending
    running: Mapping[int, Sequence[AnyEvent]]
    """Number of a tenure of the next generation that has begun -> its events so far."""
    setup: TrialSetup | None = None
    """The components; None if the past is read without them."""

    @classmethod
    def of(cls, directory: Path) -> Replay:
        """The trial in a directory, without its components. Raises `UsageError` if it is not whole."""
        reader = TrialReader.open(directory)
        ending = reader.read()
        running = {number: [line.event for line in lines] for number, lines in reader.open_tenures(ending)}
        return cls(reader, ending, running)

    def with_components(self, *, trust: bool) -> Replay:
        """The same trial with its components. `trust` says that code among the trial's files may be run.

        Raises `UsageError` if a component can't be built, if the agent's tokens can't be counted here, or if the trial
        has code and is not trusted. No model is asked, so the address of its server does not matter.
        """
        condition = self.reader.condition
        check_trust(condition, self.reader.files.root, trust, None)
        setup = TrialSetup.of(condition_in(self.reader.files, condition), self.reader.task)
        setup.count("")
        return replace(self, setup=setup)

    @property
    def condition(self) -> Condition:
        """The condition of the trial."""
        return self.reader.condition

    @property
    def other_versions(self) -> list[str]:
        """How the versions under which the trial ran differ from the installed ones, in words."""
        return differing_versions(self.condition.versions)

    def tenures(self, generation: int | None = None, tenure: int | None = None) -> Iterator[PastTenure]:
        """The tenures of one generation, or of all, in order; only those in place `tenure` of the chain if it is given.
        Raises `UsageError` at once if there is none."""
        self.check(generation, tenure)
        return self._tenures(generation, tenure)

    def _tenures(self, generation: int | None, tenure: int | None) -> Iterator[PastTenure]:
        stepped = bool(self.condition.handover)
        past = _Notes(stepped) if self.setup is None else _Components(self.setup)
        personas = personas_in(condition_in(self.reader.files, self.condition))
        for each in self._past(past, generation, tenure):
            yield replace(each, persona=persona_of(personas, each.tenure))

    def _past(self, past: _Notes, generation: int | None, tenure: int | None) -> Iterator[PastTenure]:
        for block in self.reader.blocks():
            events = [line.event for line in block.events]
            last = block.last
            if isinstance(last, TrialStarted | TrialEnded):
                continue  # the end of a trial that was interrupted is no end, and that of another one has no successor
            if last.generation > self.ending.generation:
                break  # it has ended meanwhile, and is read as it was
            if generation in (None, last.generation):
                yield from past.generation(_by_tenure(events), tenure)
            past.apply(events)
            if last.generation == generation:
                break
        if generation in (None, self.ending.generation + 1):
            yield from past.generation(self.running, tenure)

    def check(self, generation: int | None, tenure: int | None) -> None:
        """Raise `UsageError` if there is no such generation, or no such tenure in one."""
        ended, root = self.ending.generation, self.reader.files.root
        if generation is not None and generation > ended + bool(self.running):
            there = f"1 to {ended} have ended" if ended else "none has ended"
            there += f", {ended + 1} is running" if self.running else ""
            raise UsageError(f"{root} has no generation {generation} ({there})")
        if tenure is not None and tenure > self.condition.width:
            raise UsageError(
                f"{root} has {quantity(self.condition.width, 'researcher')} in a generation, and no number {tenure}; "
                "give a lower -t"
            )


class _Notes:
    """The past by the log alone: the page consists of the texts of the notes that were shown."""

    def __init__(self, stepped: bool) -> None:
        """`stepped`: whether the trial has hand-over steps."""
        self._stepped = stepped
        self._notes: dict[str, NoteChanged] = {}

    def apply(self, events: Iterable[AnyEvent]) -> None:
        """Go on to the end of a generation."""
        for event in events:
            if isinstance(event, NoteChanged) and event.applied:
                apply_change(self._notes, event, event)

    def generation(self, tenures: Mapping[int, Sequence[AnyEvent]], chosen: int | None) -> Iterator[PastTenure]:
        """Yield the tenures of the generation that begins here, or only the one that is chosen."""
        for number, events in tenures.items():
            shown = next((event for event in events if isinstance(event, NotesShown)), None)
            if shown is not None and chosen in (None, number):
                yield self._tenure(events, shown)

    def _tenure(self, events: Sequence[AnyEvent], shown: NotesShown) -> PastTenure:
        texts = (self._notes[ref.id].text for ref in shown.notes if ref.id in self._notes)
        turns = (PastTurn(number, None, tuple(own)) for number, own in _by_turn(events).items())
        return PastTenure(
            generation=shown.generation,
            tenure=shown.tenure,
            shown=shown,
            page=shown.text or SEPARATOR.join(texts),
            exact=False,
            stepped=self._stepped,
            messages=(),
            turns=tuple(turns),
            ended=next((event for event in events if isinstance(event, TenureEnded)), None),
        )


class _Components(_Notes):
    """The past by the trial's components: openings and views as they were."""

    def __init__(self, setup: TrialSetup) -> None:
        super().__init__(bool(setup.steps))
        self._setup = setup
        self._state = TrialState(setup.reader, transcripts=setup.memory.transcripts)

    def apply(self, events: Iterable[AnyEvent]) -> None:
        events = tuple(events)
        super().apply(events)
        for event in events:
            self._state.apply(event)

    def _tenure(self, events: Sequence[AnyEvent], shown: NotesShown) -> PastTenure:
        plain = super()._tenure(events, shown)
        opened = open_tenure(self._setup, self._state, shown.generation, shown.tenure)
        written = next((event for event in events if isinstance(event, HandedOn)), None)
        if _handed(opened.shown) != _handed(shown) or _texts(opened.handed_on) != _texts(written):
            return plain
        return replace(
            plain,
            page=opening(opened.observation),
            exact=True,
            messages=opened.observation.inheritance.messages,
            turns=tuple(self._with_views(opened, plain.turns)),
        )

    def _with_views(self, opened: Opening, turns: Iterable[PastTurn]) -> Iterator[PastTurn]:
        state = TenureState(opened, self._setup.reader, self._state.discoveries.forms)
        told: Horizon | None = None
        for turn in turns:
            # What was logged before the answer was requested for the last time, such as the time that a person took.
            before = next(
                (at for at, event in enumerate(turn.events) if isinstance(event, Searched | Answered)), len(turn.events)
            )
            for event in turn.events[:before]:
                state.apply(event)
            ahead = turn_ahead(self._setup, state, told, forgets=self._setup.memory.forgets)
            for event in turn.events[before:]:
                state.apply(event)
            told = ahead.horizon
            yield replace(turn, view=ahead.view)


def _handed(shown: NotesShown) -> NotesShown:
    """What was handed on, without its place in the log, and without keys, which may be others after rescoring."""
    bare = {"generation": 0, "tenure": 0, "turn": 0, "seq": 0, "readable": (), "names": {}, "remembered": {}}
    return shown.model_copy(update=bare)


def _texts(handed_on: HandedOn | None) -> list[tuple[str, str]]:
    """Role and text of messages, without keys, which may be others after rescoring."""
    return [] if handed_on is None else [(each.role, each.content) for each in handed_on.messages]


def _by_tenure(events: Iterable[AnyEvent]) -> dict[int, list[AnyEvent]]:
    """Tenure -> its own events, for the block of a generation. Changes of notes that were applied are the block's."""
    found: dict[int, list[AnyEvent]] = {}
    for event in events:
        applied = isinstance(event, NoteChanged) and event.applied
        if not applied and not isinstance(event, GenerationStarted | GenerationEnded):
            found.setdefault(event.tenure, []).append(event)
    return found


def _by_turn(events: Iterable[AnyEvent]) -> dict[int, list[AnyEvent]]:
    """Turn -> its events, for the events of a tenure."""
    found: dict[int, list[AnyEvent]] = {}
    for event in events:
        if not isinstance(event, TenureStarted | HandedOn | NotesShown | TenureEnded):
            found.setdefault(event.turn, []).append(event)
    return found
