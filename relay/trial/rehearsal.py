"""A tenure that does nothing but open notes, carried out by the engine's own rules and without its researcher.

Each answer holds the actions that open some notes, and nothing else; an empty one lets a turn pass. Prompts, answers
and replies are made, counted and charged as in a tenure that lives, so what can be opened here can be opened there.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from relay.records.budget import Spent
from relay.records.events import Acted, Answered
from relay.researcher.actions import Action, Purpose, Role, filled, note_action
from relay.researcher.observation import Answer, Observation, TenureView, Turn
from relay.schemes.notes.scheme import Opened
from relay.trial.asking import applied
from relay.trial.charging import Attempt, charged
from relay.trial.event_meaning import told
from relay.trial.opened_note import OpenedNote
from relay.trial.opening import Opening
from relay.trial.reply_room import ReplyRoom
from relay.trial.setup import TrialSetup
from relay.trial.tenure_note_place import TenureNotePlace
from relay.trial.tenure_state import TenureState
from relay.trial.turn_ahead import TurnAhead, turn_ahead

__all__ = ["OpeningRoom", "Rehearsal", "Stage"]


@dataclass(frozen=True)
class Stage:
    """A rehearsed tenure before its next turn."""

    observation: Observation
    labels: Mapping[str, str]
    """Name that has a meaning for the reader -> key."""
    opened: frozenset[str] = frozenset()
    """Ids of the notes that were opened."""
    turns: tuple[Turn, ...] = ()
    spent: Spent = field(default=Spent())
    before: TurnAhead | None = None
    """The latest turn; None before the first."""

    wants_to_end = False
    summarised = False

    def view(self) -> TenureView:
        """Everything that the researcher may know."""
        return TenureView(observation=self.observation, turns=self.turns, spent=self.spent)


@dataclass(frozen=True)
class OpeningRoom:
    """Bounds for the tokens of notes that a tenure opens; hardly any tenure has as many."""

    reply: int
    """Of one note."""
    together: int
    """Of all notes."""


class Rehearsal:
    """Answers that open notes, tried out on the opening of one tenure."""

    def __init__(self, setup: TrialSetup, opening: Opening) -> None:
        self._setup = setup
        self._opening = opening
        self._ahead: dict[int, tuple[Stage, TurnAhead]] = {}

    @property
    def first(self) -> Stage:
        """The tenure before its first turn."""
        return Stage(self._opening.observation, self._opening.labels)

    @cached_property
    def actions(self) -> dict[str, Action]:
        """Id of a note that can be opened -> the action that opens it; in the order of the index, which those follow
        that only a search finds. Empty if the scheme has no action for it that is marked as such."""
        return {id: action for id, (action, _) in self._openable.items()}

    @cached_property
    def _openable(self) -> dict[str, tuple[Action, Opened]]:
        """Id of a note -> the action that opens it in full, and what the scheme then shows."""
        notes = self._setup.notes
        kinds = {note_action(kind).name: kind for kind in notes.actions}
        offered = [note_action(kind) for kind in kinds.values()]
        if not any(action.purpose is Purpose.OPEN for action in offered):
            return {}
        place = TenureNotePlace(self._setup, TenureState(self._opening, self._setup.reader, {}), "")
        found: dict[str, tuple[Action, Opened]] = {}
        for id in self._opening.openable:
            fields = filled(offered, Purpose.OPEN, {Role.NOTE: id})
            if fields is None:
                break
            action = kinds[fields["action"]].model_validate(fields)
            outcome = applied(notes, action, place)
            if isinstance(outcome, Opened) and outcome.lines is None and outcome.note == self._opening.notes[id]:
                found[id] = action, outcome
        return found

    def ahead(self, stage: Stage) -> TurnAhead | None:
        """The next turn, if another one follows it in which what it opens can be called; else None."""
        if stage.before is not None and stage.before.horizon.last:
            return None
        turn = self._turn(stage)
        if turn.horizon.last or self._setup.allowance(stage.spent).refusal(turn.prompt) is not None:
            return None
        return turn

    def fits(self, stage: Stage, ids: Sequence[str]) -> bool:
        """Whether one answer can open these notes, in this order."""
        return self._carried_out(stage, ids) is not None

    def opened(self, stage: Stage, ids: Sequence[str]) -> Stage | None:
        """The tenure after an answer that opens these notes, in this order; None if one of them does not fit, or if no
        turn follows in which they can be called."""
        done = self._carried_out(stage, ids)
        if done is None:
            return None
        answered, labels, replies = done
        after = replace(
            stage,
            labels=labels,
            opened=stage.opened.union(ids),
            turns=(*stage.turns, Turn(answer=answered.text, replies=tuple(filter(None, map(told, replies))))),
            spent=_after(stage.spent, answered),
            before=self._turn(stage),
        )
        refused = self._setup.allowance(after.spent).refusal(self._turn(after).prompt)
        return after if refused is None else None

    def _carried_out(
        self, stage: Stage, ids: Sequence[str]
    ) -> tuple[Answered, Mapping[str, str], tuple[Acted, ...]] | None:
        """The answer that opens these notes, what names mean after it, and what is said in reply; None if one of the
        notes does not fit."""
        turn = self.ahead(stage)
        if turn is None:
            return None
        setup = self._setup
        text = json.dumps({"actions": [self.actions[id].model_dump(mode="json") for id in ids]})
        attempt = Attempt(Answer(text=text), "", 0.0)
        answered = charged(setup, setup.allowance(stage.spent), attempt, turn.asked)
        if answered.is_cut or answered.fault:
            return None
        allowance = setup.allowance(_after(stage.spent, answered))
        said = setup.count_said(answered.allowed_text)
        room = ReplyRoom(allowance.replies(turn.prompt, said, turn.horizon.following), setup.count)
        labels, replies = dict(stage.labels), list[Acted]()
        for id in ids:
            opened = self._read(id, labels)
            if not room.has(opened.reply):
                return None
            labels.update(opened.called | opened.names)
            replies.append(room.fitted(opened.acted(self.actions[id])))
        return answered, labels, tuple(replies)

    def _read(self, id: str, labels: Mapping[str, str]) -> OpenedNote:
        """A note as it is shown to a reader to whom `labels` have a meaning already."""
        return OpenedNote.of(self._openable[id][1], labels)

    def _turn(self, stage: Stage) -> TurnAhead:
        found = self._ahead.get(id(stage))
        if found is None:
            told_before = None if stage.before is None else stage.before.horizon
            # the stage is kept too, so that no other one gets its id
            found = self._ahead[id(stage)] = (stage, turn_ahead(self._setup, stage, told_before))
        return found[1]

    # --- bounds ----------------------------------------------------------------------------------------------------

    def turns(self, stage: Stage) -> int:
        """The most turns that may still open notes; 0 if none can."""
        if self.ahead(stage) is None:
            return 0
        return self._setup.budget.turns - stage.spent.turns - 1

    def standing(self, stage: Stage) -> Hashable:
        """What the rest of a tenure depends on, beside the notes that it has yet to open."""
        return (stage.spent, self._turn(stage).prompt, frozenset(stage.labels.items()))

    def reply_tokens(self, id: str) -> int:
        """Tokens of the reply that opens a note, where nothing was opened before."""
        return self._setup.count(f"1. {self._read(id, self._opening.labels).reply}\n")

    def keeps_names(self, ids: Iterable[str]) -> bool:
        """Whether no name in these notes is rewritten, in whatever order they are opened."""
        labels = dict(self._opening.labels)
        for id in ids:
            opened = self._read(id, labels)
            if opened.text != opened.opened.note.text:
                return False
            labels.update(opened.called | opened.names)
        return True

    @cached_property
    def room(self) -> OpeningRoom:
        """What notes that are opened can have at most."""
        allowance = self._setup.allowance(Spent())
        turns, prompt = self.turns(self.first), self._turn(self.first).prompt
        budget = self._setup.budget
        # A tokenizer may join texts otherwise than they were counted, by less than the margin.
        context = budget.context - budget.last_answer - prompt + allowance.margin
        return OpeningRoom(reply=allowance.most_replies, together=min(turns * allowance.most_replies, context))


def _after(spent: Spent, answered: Answered) -> Spent:
    """What a tenure has spent after an answer."""
    return spent + Spent(
        turns=1,
        tokens_in=answered.tokens_in,
        tokens_out=answered.tokens_out,
        tokens_cached=answered.tokens_cached,
        money=answered.money,
    )
