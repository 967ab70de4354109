"""`junk(k=...)`: notes of no use, after every generation."""

from __future__ import annotations

from pydantic import Field

from relay.notation.syntax import Definition
from relay.records.status import Status
from relay.trial.interventions.intervention import Desk, Examined, Intervention
from relay.trial.interventions.junk_statements import Binary, binaries, fresh_name, random_claim, random_definition

__all__ = ["Junk"]

TRIES = 20
"""Statements that are tried for one that is junk: a random definition may be of use, and a random law may hold."""
CALLS = (2, 5)
"""The least number of calls in a definition, and one more than the largest."""


class Junk(Intervention):
    """A control: k notes of no use are written after every generation, half of them true and half false.

    The true ones are definitions that explain no phenomenon and are no concept. The false ones are claims that look
    like laws and are refuted; their notes don't say so, as if their author had not asked.
    """

    k: int = Field(default=16, ge=1, le=256)
    """Number of notes after each generation; where the task has too little to make them of, fewer."""

    async def intervene(self, desk: Desk) -> None:
        """Write the notes."""
        taken = {name for note in desk.notes.values() for name in note.rests_on}
        taken |= {operation.name for operation in desk.given.operations}
        known = {key for note in desk.notes.values() for key in note.statements}
        own: list[Definition] = []
        for number in range(self.k):
            useless = number < self.k - self.k // 2
            for _ in range(TRIES):
                found = await (self._definition(desk, taken) if useless else self._claim(desk, own))
                if found is None or found.statement.key in known:
                    continue
                known.add(found.statement.key)
                if desk.write(found, "useless" if useless else "false", told=useless):
                    own += [found.statement] if isinstance(found.statement, Definition) else []
                break

    async def _definition(self, desk: Desk, taken: set[str]) -> Examined | None:
        """A definition of no use; None if the one that was drawn is of use."""
        source = random_definition(desk.given, desk.rng, fresh_name(desk.rng, taken), int(desk.rng.integers(*CALLS)))
        made = None if source is None else await desk.examined(source, {})
        if made is None or made.found.verdict.status is not Status.DEFINED:
            return None
        return None if made.found.concepts or made.found.explained else made

    async def _claim(self, desk: Desk, own: list[Definition]) -> Examined | None:
        """A false claim; None if the one that was drawn is not refuted."""
        functions: list[Binary] = binaries(desk.given, own)
        drawn = random_claim(functions, desk.rng)
        made = None if drawn is None else await desk.examined(*drawn)
        return made if made is not None and made.found.verdict.status is Status.REFUTED else None
