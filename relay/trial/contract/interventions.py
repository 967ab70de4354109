"""The contract of interventions: what every control that writes into the notes keeps."""

from __future__ import annotations

from dataclasses import dataclass

from relay.records.condition import Condition
from relay.records.events import NoteChanged
from relay.trial.contract.rule import BrokenError, Contract, ContractRule
from relay.trial.contract.short_trial import ShortTrial, lived, resumes, short_condition
from relay.trial.resolve import Schemes

__all__ = ["CONTRACT"]


@dataclass(frozen=True)
class InterventionSubject(ShortTrial):
    """An intervention and a folder for its trials."""

    def condition(self) -> Condition:
        """The condition of the trial."""
        return short_condition(Schemes(interventions=(self.source,)))


def _repeatable(subject: InterventionSubject) -> None:
    if subject.again != subject.log:
        raise BrokenError("two trials of the same condition have two different logs")


def _grounded(subject: InterventionSubject) -> None:
    """Whatever it writes, a reader of the log can tell what every name in it means."""
    for change in subject.events:
        if isinstance(change, NoteChanged) and change.author == "control":
            known = subject.states[change.generation].store.definitions
            if lost := sorted(name for name, key in change.rests_on.items() if key not in known):
                raise BrokenError(f"a note that it wrote calls `{lost[0]}`, which was never stated")


CONTRACT: Contract[InterventionSubject] = Contract(
    noun="intervention",
    subject=InterventionSubject,
    first=(ContractRule("lived", "A trial under it comes to its end.", lived),),
    then=(
        ContractRule("repeatable", "What it does follows from what it is given alone.", _repeatable),
        ContractRule("grounded", "What its notes call was stated, by it or by a researcher.", _grounded),
        ContractRule(
            "resumed", "A trial that is killed at any moment and resumed has the same log, byte for byte.", resumes
        ),
    ),
)
