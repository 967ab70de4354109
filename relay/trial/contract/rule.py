"""A rule that a component must keep, a contract of such rules, and what is said of a component that breaks one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from relay.component_code import failing_place, how_to_mend
from relay.errors import UsageError
from relay.text import excerpt
from relay.trial.resolve import Source

__all__ = ["Broken", "BrokenError", "Contract", "ContractRule", "broken", "raised"]

Subject = TypeVar("Subject")

LONGEST = 400
"""Most characters of what is said of a broken rule: it may quote what the component said."""


class BrokenError(Exception):
    """A component does not keep a rule; the message says what it does instead."""


@dataclass(frozen=True)
class ContractRule(Generic[Subject]):
    """One rule of a contract."""

    name: str
    sentence: str
    """The rule in words."""
    check: Callable[[Subject], None]
    """Raises `BrokenError` if the component does not keep the rule."""


@dataclass(frozen=True)
class Broken:
    """A rule that a component does not keep."""

    rule: str
    sentence: str
    found: str
    """What the component does instead, in one line."""

    def __str__(self) -> str:
        return f"{self.rule}: {self.sentence} But {self.found}"


@dataclass(frozen=True)
class Contract(Generic[Subject]):
    """What every component of a kind keeps."""

    noun: str
    """What a component of the kind is called."""
    subject: Callable[[Source, Path], Subject]
    """Prepares a component for the rules. The folder gets its trials."""
    first: tuple[ContractRule[Subject], ...]
    """Rules without which no other one can be checked, each in turn."""
    then: tuple[ContractRule[Subject], ...]

    @property
    def rules(self) -> tuple[ContractRule[Subject], ...]:
        """All rules, in the order in which they are checked."""
        return (*self.first, *self.then)

    def findings(self, component: Source, folder: Path) -> Iterator[tuple[ContractRule[Subject], Broken | None]]:
        """Each rule that can be checked, with what the component does instead if it breaks the rule."""
        subject = self.subject(component, folder)
        for rule in self.rules:
            found = broken([rule], subject)
            yield rule, found[0] if found else None
            if found and rule in self.first:
                return

    def broken_by(self, component: Source, folder: Path) -> list[Broken]:
        """The rules that a component breaks; `folder` gets its trials. After one of the first rules, nothing else is
        checked."""
        return [found for _, found in self.findings(component, folder) if found is not None]


def broken(rules: Iterable[ContractRule[Subject]], subject: Subject) -> list[Broken]:
    """The rules that a component breaks. An exception that it raises breaks the rule that was being checked."""
    found = []
    for rule in rules:
        try:
            rule.check(subject)
        except BrokenError as error:
            found.append(Broken(rule.name, rule.sentence, _one_line(str(error))))
        except (Exception, SystemExit) as error:  # whatever a component of a user's own raises is what is to be told
            found.append(Broken(rule.name, rule.sentence, raised(error, "it")))
    return found


def raised(error: BaseException, who: str) -> str:
    """What is said of a component that raised an error, in one line. `who` raised it, as `it` or `` `show` ``."""
    if isinstance(error, UsageError):  # it names the component already
        text = str(error)
        return _one_line(text.removesuffix(how_to_mend(text)))
    place = failing_place(error)
    return _one_line(f"{who} raises {type(error).__name__}: {error}{f' in {place}' if place else ''}")


def _one_line(text: str) -> str:
    return excerpt(" ".join(text.split()), LONGEST)
