"""A rule that a component must keep, and what is said of one that does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Broken", "BrokenError", "ContractRule", "broken"]

Subject = TypeVar("Subject")


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


def broken(rules: Iterable[ContractRule[Subject]], subject: Subject) -> list[Broken]:
    """The rules that a component breaks. An exception that it raises breaks the rule that was being checked."""
    found = []
    for rule in rules:
        try:
            rule.check(subject)
        except BrokenError as error:
            found.append(Broken(rule.name, rule.sentence, str(error)))
        except Exception as error:  # whatever a component of a user's own raises is what is to be told
            told = f"it raises {type(error).__name__}: {error}".partition("\n")[0]
            found.append(Broken(rule.name, rule.sentence, told))
    return found
