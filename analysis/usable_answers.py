"""What was lost to form: turns that could not be used, actions that relay does not have, statements that can't be read.

A count over events; `UsableAnswers` is what it comes to, for a generation or for several together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from relay.records.events import Acted, Answered, AnyEvent, Fault, Judged
from relay.records.status import Status


@dataclass(frozen=True)
class UsableAnswers:
    """How much of what researchers said could be used."""

    answers: int = 0
    """Turns that were answered, the lost ones too."""
    lost: Mapping[str, int] = field(default_factory=dict)
    """Kind of a model's fault -> turns lost to it: `malformed`, `length`, `too_long`, `fault`."""
    first_lost: str = ""
    """What was told of the first lost turn."""
    retried: Mapping[str, int] = field(default_factory=dict)
    """Kind of a machine's fault -> how often something was asked again for it; no turn is lost to these."""
    actions: int = 0
    bad_actions: int = 0
    """Of these, what relay does not have."""
    statements: int = 0
    ill_formed: int = 0
    """Of these, what is not in the language."""

    @property
    def lost_turns(self) -> int:
        """Turns that a model's faults cost."""
        return sum(self.lost.values())

    def record(self) -> dict[str, Any]:
        """Its keys in `relay show --json`; a share of nothing is None."""
        return {
            "lost_turns": self.lost_turns,
            "lost_turn_share": share(self.lost_turns, self.answers),
            "first_lost_turn": self.first_lost or None,
            "faults": {"model": dict(self.lost), "machine": dict(self.retried)},
            "actions": self.actions,
            "bad_actions": self.bad_actions,
            "bad_action_share": share(self.bad_actions, self.actions),
            "statements": self.statements,
            "ill_formed": self.ill_formed,
            "ill_formed_share": share(self.ill_formed, self.statements),
        }

    @classmethod
    def together(cls, parts: Iterable[UsableAnswers]) -> UsableAnswers:
        """The sum."""
        count = FormCount()
        for part in parts:
            count.add(part)
        return count.form()


class FormCount:
    """A `UsableAnswers` in the making."""

    def __init__(self) -> None:
        self._numbers: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self._first_lost = ""
        self._retried: Counter[str] = Counter()

    def take(self, event: AnyEvent) -> None:
        """Count one event."""
        match event:
            case Answered():
                self._numbers["answers"] += 1
            case Fault(side="model"):
                self._lost[event.kind] += 1
                self._first_lost = self._first_lost or event.message
            case Fault():
                self._retried[event.kind] += 1
            case Acted():
                self._numbers["actions"] += 1
                # an action that was read is logged with its fields; of one that relay does not have only its name is
                self._numbers["bad_actions"] += not event.ok and event.action.keys() == {"action"}
            case Judged():
                self._numbers["statements"] += 1
                self._numbers["ill_formed"] += event.status == Status.ILL_FORMED

    def add(self, form: UsableAnswers) -> None:
        """Count what was counted before."""
        for name in ("answers", "actions", "bad_actions", "statements", "ill_formed"):
            self._numbers[name] += getattr(form, name)
        self._lost.update(form.lost)
        self._first_lost = self._first_lost or form.first_lost
        self._retried.update(form.retried)

    def form(self) -> UsableAnswers:
        """What it has come to; kinds are sorted."""
        lost, retried = (dict(sorted(kinds.items())) for kinds in (self._lost, self._retried))
        return UsableAnswers(**self._numbers, lost=lost, first_lost=self._first_lost, retried=retried)


def share(part: int, whole: int) -> float | None:
    """Between 0 and 1; None where there is no whole."""
    return part / whole if whole else None
