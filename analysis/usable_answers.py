"""How much of a model's output was unusable: lost and cut turns, skipped and unknown actions, and statements that can't
be read.

`FormCount` counts events; `UsableAnswers` is the result, for one generation or for several together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from relay.records.events import Acted, Answered, AnyEvent, Cut, Fault, Judged
from relay.records.status import Status

FORM_EVENTS = frozenset({Acted, Answered, Cut, Fault, Judged})
"""Types of the events that are counted."""


@dataclass(frozen=True)
class UsableAnswers:
    """Counts of answers, actions and statements, and how many of each could not be used."""

    answers: int = 0
    """Turns that were answered, including lost turns."""
    mended: int = 0
    """Answers that could be read only after their form was repaired."""
    lost: Mapping[str, int] = field(default_factory=dict)
    """Kind of a model's fault -> turns lost to it: `malformed`, `length`, `too_long`, `fault`. A turn whose answer was
    cut is lost only if none of its actions was whole."""
    first_lost: str = ""
    """The fault's message for the first lost turn; empty if no turn was lost."""
    retried: Mapping[str, int] = field(default_factory=dict)
    """Kind of a machine's fault -> number of requests repeated because of it. These cost no turn."""
    cut_turns: int = 0
    """Turns whose answer was cut, so that only its first actions were carried out. None of them is lost."""
    actions: int = 0
    skipped: int = 0
    """Actions that were skipped, because they need what an earlier action of the same answer failed to define."""
    bad_actions: int = 0
    """Items that are no action: with an unknown name, or fields that their action does not have."""
    statements: int = 0
    ill_formed: int = 0
    """Statements that are not in the language."""
    too_long: frozenset[str] = frozenset()
    """Keys of the definitions that have the values of a phenomenon or of a concept, and are longer than an explanation
    may be."""

    @property
    def lost_turns(self) -> int:
        """Number of turns lost to a model's faults."""
        return sum(self.lost.values())

    def record(self) -> dict[str, Any]:
        """Return the data that `relay show --json` prints. A share of zero items is None."""
        return {
            "lost_turns": self.lost_turns,
            "lost_turn_share": share(self.lost_turns, self.answers),
            "first_lost_turn": self.first_lost or None,
            "cut_turns": self.cut_turns,
            "cut_turn_share": share(self.cut_turns, self.answers),
            "mended_answers": self.mended,
            "faults": {"model": dict(self.lost), "machine": dict(self.retried)},
            "actions": self.actions,
            "skipped_actions": self.skipped,
            "bad_actions": self.bad_actions,
            "bad_action_share": share(self.bad_actions, self.actions),
            "statements": self.statements,
            "ill_formed": self.ill_formed,
            "too_long": len(self.too_long),
            "ill_formed_share": share(self.ill_formed, self.statements),
        }

    @classmethod
    def together(cls, parts: Iterable[UsableAnswers]) -> UsableAnswers:
        """Sum the counts of several parts of a log."""
        count = FormCount()
        for part in parts:
            count.add(part)
        return count.form()


class FormCount:
    """Counts the events of a log and builds `UsableAnswers` from them."""

    def __init__(self) -> None:
        self._answers = self._mended = self._cut_turns = 0
        self._long: set[str] = set()
        self._actions = self._skipped = self._bad_actions = self._statements = self._ill_formed = 0
        self._lost: Counter[str] = Counter()
        self._first_lost = ""
        self._retried: Counter[str] = Counter()

    def take(self, event: AnyEvent) -> None:
        """Count one event."""
        # the most frequent kinds first: this is called for every event of a log
        if isinstance(event, Acted):
            self._actions += 1
            self._bad_actions += event.unusable
            self._skipped += bool(event.needs)
        elif isinstance(event, Judged):
            self._statements += 1
            self._ill_formed += event.status == Status.ILL_FORMED
            if event.too_long:
                self._long.add(event.key)
        elif isinstance(event, Answered):
            self._answers += 1
            self._mended += event.mended
        elif isinstance(event, Fault) and event.side == "model":
            self._lost[event.kind] += 1
            self._first_lost = self._first_lost or event.message
        elif isinstance(event, Cut):
            self._cut_turns += 1
        elif isinstance(event, Fault):
            self._retried[event.kind] += 1

    def add(self, form: UsableAnswers) -> None:
        """Add the counts of another part of the log."""
        self._answers += form.answers
        self._mended += form.mended
        self._cut_turns += form.cut_turns
        self._actions += form.actions
        self._skipped += form.skipped
        self._bad_actions += form.bad_actions
        self._statements += form.statements
        self._ill_formed += form.ill_formed
        self._long |= form.too_long
        self._lost.update(form.lost)
        self._first_lost = self._first_lost or form.first_lost
        self._retried.update(form.retried)

    def form(self) -> UsableAnswers:
        """Return everything that was counted, with kinds sorted."""
        lost, retried = (dict(sorted(kinds.items())) for kinds in (self._lost, self._retried))
        return UsableAnswers(
            answers=self._answers,
            mended=self._mended,
            lost=lost,
            first_lost=self._first_lost,
            retried=retried,
            cut_turns=self._cut_turns,
            actions=self._actions,
            skipped=self._skipped,
            bad_actions=self._bad_actions,
            statements=self._statements,
            ill_formed=self._ill_formed,
            too_long=frozenset(self._long),
        )


def share(part: int, whole: int) -> float | None:
    """Return `part / whole`; None if `whole` is 0."""
    return part / whole if whole else None
