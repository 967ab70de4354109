"""What a stage is: a row of a table. Nothing is done here; `relay.checker.stages.running` does what the rows say.

Which fields and cases a stage has, and when it applies, is decided by small functions of the inquiry. The first line of
the docstring of each is what the page prints for it.
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
    """How many random values each model and case gets."""

    usual: int
    unless: tuple[tuple[Condition, int], ...] = ()
    """Conditions, and how many values there are instead; the first that applies counts."""
    slow: int | None = None
    """How many there are in fields whose elements are objects of Python."""
    least: Callable[[Inquiry], int] | None = None
    """There are at least so many."""

    def of(self, inquiry: Inquiry, fields: Sequence[Algebra]) -> int:
        """How many there are in these fields."""
        count = next((count for applies, count in self.unless if applies(inquiry)), self.usual)
        if self.slow is not None and fields[0].dtype is object:
            count = self.slow
        return count if self.least is None else max(count, self.least(inquiry))


@dataclass(frozen=True, slots=True)
class SearchStage:
    """Values are tried, and all that is seen counts for the verdict."""

    name: str
    """As in the evidence."""
    fields: FieldChoice
    cases: CaseChoice
    values: Amount
    most: int | None = None
    """The first so many of the cases."""
    exhaust: int = 0
    """Fields and cases with at most so many values are exhausted instead, as far as the budget goes."""
    build: bool = False
    """Whether values are built to satisfy the hypothesis, at some of the cases."""
    when: Condition = always
    apart: bool = False
    """Whether each field is a stage of its own, with a record of its own."""
    affordable: int | None = None
    """Of stages apart: nodes that a value may cost, as far as that can be foreseen; dearer cases are left out."""
    until: Condition | None = None
    """Of stages apart: no further field is tried once this is so."""


@dataclass(frozen=True, slots=True)
class ExploringStage:
    """Values are tried, and only a counterexample counts."""

    name: str
    fields: FieldChoice
    ladders: LadderChoice
    """Each is climbed case by case, until one of its cases is too dear."""
    values: Amount
    fuel: int
    """Nodes that a value may cost."""
    when: Condition = always
    apart: bool = False
    affordable: int | None = None
    stops: bool = False
    """Of stages apart: whether the first field in which no case was passed is the last one."""
    unpassed: Callable[[Inquiry], None] | None = None
    """Of stages apart: what follows where in a field no case with numbers above 0 was passed."""


@dataclass(frozen=True, slots=True)
class ReasoningStage:
    """No values are tried."""

    name: str
    step: Callable[[Inquiry], None]
    when: Condition = always


Stage = SearchStage | ExploringStage | ReasoningStage


@dataclass(frozen=True, slots=True)
class StageTable:
    """The stages of one kind of claim, in order."""

    claims: str
    """Which claims these are, in words."""
    stages: tuple[Stage, ...]
    steady: bool = True
    """Whether a value costs about the same in every field."""
    infinite: bool = False
    """Whether all models are infinite, so that values are always a sample."""
