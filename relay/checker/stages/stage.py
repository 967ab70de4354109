"""Stages as data: each is a row of a table. This module runs nothing; `relay.checker.stages.running` does.

Small functions of the inquiry choose the fields and cases of a stage, and decide when it applies. docs/checker.md
prints the docstring of each of these functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from relay.checker.cases import Case
from relay.checker.stages.conditions import always
from relay.checker.stages.inquiry import Inquiry
from relay.evaluation.algebra.base import Algebra

Condition = Callable[[Inquiry], bool]
FieldChoice = Callable[[Inquiry], Iterable[Algebra]]
CaseChoice = Callable[[Inquiry], Sequence[Case]]
LadderChoice = Callable[[Inquiry], Sequence[Sequence[Case]]]


@dataclass(frozen=True, slots=True)
class Amount:
    """The number of random values for each model and case."""

    usual: int
    unless: tuple[tuple[Condition, int], ...] = ()
    """Pairs of a condition and another number. The number of the first condition that applies replaces `usual`."""
    slow: int | None = None
    """The number for fields whose elements are Python objects: arithmetic is slow there."""
    least: Callable[[Inquiry], int] | None = None
    """A lower bound that depends on the claim."""

    def of(self, inquiry: Inquiry, fields: Sequence[Algebra]) -> int:
        """Returns the number of random values in these fields."""
        count = next((count for applies, count in self.unless if applies(inquiry)), self.usual)
        if self.slow is not None and fields[0].dtype is object:
            count = self.slow
        return count if self.least is None else max(count, self.least(inquiry))


@dataclass(frozen=True, slots=True)
class SearchStage:
    """A stage that tries values. All its findings count for the verdict."""

    name: str
    """The stage's name in the evidence."""
    fields: FieldChoice
    cases: CaseChoice
    values: Amount
    most: int | None = None
    """At most so many cases are tried, the first ones; None for all."""
    exhaust: int = 0
    """If there are at most so many values in a field at a case, all are tried, as far as the budget goes."""
    build: bool = False
    """Whether values are built so that they satisfy the hypothesis. This is done at some of the cases."""
    when: Condition = always
    """Whether the stage runs."""
    apart: bool = False
    """Whether the fields are tried one by one, each with its own record in the evidence."""
    affordable: int | None = None
    """If `apart`: nodes that a value may cost according to the forecast. Cases that cost more are skipped."""
    until: Condition | None = None
    """If `apart`: once this condition is met, no further field is tried."""


@dataclass(frozen=True, slots=True)
class ExploringStage:
    """A stage that tries values beyond the cases and fields of the verdict. Only a counterexample counts, or a value
    for which the claim is undefined."""

    name: str
    """The stage's name in the evidence."""
    fields: FieldChoice
    ladders: LadderChoice
    """Sequences of growing cases. Each is climbed case by case, until a case costs too much. The cases before that one
    are *passed*."""
    values: Amount
    fuel: int
    """Nodes that a value may cost."""
    when: Condition = always
    """Whether the stage runs."""
    apart: bool = False
    """Whether the fields are tried one by one, each with its own record in the evidence."""
    affordable: int | None = None
    """If `apart`: nodes that a value may cost according to the forecast. Cases that cost more are skipped."""
    stops: bool = False
    """If `apart`: whether the stage ends at the first field in which no case was passed."""
    unpassed: Callable[[Inquiry], None] | None = None
    """If `apart`: called for each field in which no case without zeros was passed."""


@dataclass(frozen=True, slots=True)
class ReasoningStage:
    """A stage that tries no values: it calls `step`."""

    name: str
    """The stage's name. The evidence may use another one."""
    step: Callable[[Inquiry], None]
    when: Condition = always


Stage = SearchStage | ExploringStage | ReasoningStage


@dataclass(frozen=True, slots=True)
class StageTable:
    """The stages of one kind of claim, in order."""

    claims: str
    """The kind of claim, in words."""
    stages: tuple[Stage, ...]
    steady: bool = True
    """Whether a value costs about the same in every field, so that its cost is measured in one field only."""
    infinite: bool = False
    """Whether all models are infinite, so that values are always a sample."""
