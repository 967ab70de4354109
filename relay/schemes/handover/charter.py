"""The base of charters: a rule of conduct that is handed on in words, and a predicate that says how it was kept.

A charter is a hand-over step. Its rule stands in the prompt of the generations that it is given to, and nowhere else:
given to the first generation alone, it lives on only if researchers write it into the notes. How it is kept is measured
in every generation, from the events of each tenure, whether the tenure was given the rule or not. No model is asked,
and no researcher learns of it.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, field_validator, model_validator

from relay.records.record import Record
from relay.schemes.handover.conduct import Conduct
from relay.schemes.handover.step import HandoverStep, HandoverView

__all__ = ["Charter", "Kept"]

LONGEST = 2_000
"""Most characters of a rule."""
MOST = 1_000_000_000
"""Most chances of one tenure."""


class Kept(Record):
    """How often a rule could have been kept or broken, and how often it was kept. No chances: there is nothing to
    say."""

    chances: int = Field(default=0, ge=0, le=MOST, strict=True)
    kept: int = Field(default=0, ge=0, le=MOST, strict=True)

    @model_validator(mode="after")
    def _no_more_than_chances(self) -> Kept:
        if self.kept > self.chances:
            raise ValueError(f"kept={self.kept} is more than chances={self.chances}")
        return self


class Charter(HandoverStep):
    """Base of charters."""

    rule: str
    """The words that a researcher is given."""
    when: Literal["first", "every"] | Annotated[int, Field(ge=2)] = "first"
    """Which generations are given the rule: `first`, `every`, or a number g for the first and every g-th after it."""

    @field_validator("when", mode="wrap")
    @classmethod
    def _is_a_rhythm(cls, value: Any, check: ValidatorFunctionWrapHandler) -> Any:
        try:
            return check(value)
        except ValidationError:  # one error for each of the types, none of which says what there is
            raise ValueError("expected first, every, or a number of generations from 2") from None

    @model_validator(mode="after")
    def _says_something(self) -> Charter:
        if not self.rule.strip():
            raise ValueError("its rule is empty; give the words that researchers are told")
        if len(self.rule) > LONGEST:
            raise ValueError(f"its rule has {len(self.rule)} characters, and may have {LONGEST}; shorten it")
        return self

    def is_given_to(self, generation: int) -> bool:
        """Whether the researchers of a generation, counted from 1, are given the rule."""
        if isinstance(self.when, int):
            return generation % self.when == 1
        return self.when == "every" or generation == 1

    def step(self, view: HandoverView, rng: np.random.Generator) -> HandoverView:
        """The view with the rule added, in the generations that it is given to."""
        if not self.is_given_to(view.generation):
            return view
        return replace(view, words=(*view.words, self.rule.strip()))

    @abstractmethod
    def kept(self, conduct: Conduct) -> Kept:
        """How one tenure kept the rule: a pure function of what it did. A tenure may have no events at all."""
