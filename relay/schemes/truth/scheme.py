"""The base of truth schemes: what is reported to a researcher of the checker's findings. The score never depends on it.

One scheme governs the status of claims and of phenomena, and everything derived from them. The problem of an ill-formed
statement and the type of a definition are always reported: they concern the language, not the world.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

import numpy as np

from relay.checker.verdict import Verdict
from relay.notation.syntax import Claim, Definition
from relay.records.record import Record
from relay.records.task import Given
from relay.schemes.outside import Outside
from relay.seeds import generator

__all__ = ["StatedClaim", "TruthScheme", "TurnPlace"]


class TurnPlace(NamedTuple):
    """The turn in which something happens."""

    seed: int
    """The trial's seed."""
    generation: int
    tenure: int
    turn: int

    def rng(self, purpose: str) -> np.random.Generator:
        """The turn's generator for one purpose."""
        return generator(self.seed, purpose, self.generation, self.tenure, self.turn)


class StatedClaim(NamedTuple):
    """A well-formed claim, with all that its author could know of it, and with what the checker says."""

    claim: Claim
    definitions: Mapping[str, Definition]
    """Key -> definition, for all that the claim rests on, and perhaps others."""
    verdict: Verdict
    given: Given
    given_text: str
    """What the task gives, in words."""
    place: TurnPlace


class TruthScheme(Record):
    """Base of truth schemes."""

    @abstractmethod
    def of_claim(self, verdict: Verdict) -> Verdict | None:
        """The verdict that is reported for a well-formed claim if nobody is asked; None if it is withheld. Its message
        is the reply, word for word. Of what a control states (`--intervention`) this is all that is ever reported."""

    async def tell(self, stated: StatedClaim, outside: Outside) -> Verdict | None:
        """The verdict that is reported for a researcher's claim; None if it is withheld. The default is `of_claim`.

        Whatever else it depends on comes through `outside`. Any exception but `UsageError` is a bug of the scheme."""
        return self.of_claim(stated.verdict)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Held open while claims may be stated. A scheme serves its models here. Raises `UsageError` for problems that
        a user can fix, before anything is spent."""
        yield

    @abstractmethod
    def of_phenomena(self, explained: tuple[int, ...]) -> tuple[int, ...] | None:
        """Those numbers of `explained`, the phenomena that a definition explains, that are reported; None if they are
        withheld."""

    @property
    def delay(self) -> int:
        """How many generations later an event tells the status of claims and the phenomena that were withheld; 0:
        never."""
        return 0

    @property
    @abstractmethod
    def tells(self) -> bool:
        """Whether anything is reported to a researcher."""
