"""`planted(at=..., what=...)`: an error is put into the notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from relay.notation import print_type
from relay.notation.syntax import Claim, Definition
from relay.records.intervened import CONTROL
from relay.records.status import Status
from relay.schemes.notes.note import Note
from relay.trial.interventions.intervention import Desk, Examined, Held, Intervention
from relay.trial.interventions.junk_statements import binaries, random_claim
from relay.trial.interventions.symbol_errors import one_symbol_errors

__all__ = ["Planted"]

TRIES = 60
"""Errors that are tried in one statement, and false lemmas that are tried for one note."""


class Planted(Intervention):
    """A control: an error is put into the notes.

    `error`: one symbol of a true claim, or of a definition, that stands in a note is replaced by another one, so that
    the claim is false, or the definition means something else. `lemma`: a note with a false claim, which says nothing
    of itself.
    """

    at: int = Field(default=1, ge=1)
    """The generation after which the error is put there, or the first one after it in which it can be."""
    what: Literal["error", "lemma"] = "error"
    """What is put there."""
    k: int = Field(default=1, ge=1, le=64)
    """Number of errors, each in a statement of its own."""
    told: bool = True
    """Whether a note with an error goes on saying what was told of its statement before: that it is true, or explains a
    phenomenon. If not, it says nothing of itself."""

    async def intervene(self, desk: Desk) -> None:
        """Put the errors there that are missing, if it is time."""
        if desk.generation < self.at:
            return
        for _ in range(self.k - desk.done):
            if not await (self._error(desk) if self.what == "error" else self._lemma(desk)):
                return

    async def _error(self, desk: Desk) -> bool:
        """Put an error into one statement; whether there was a statement for it."""
        there = list(_on_their_own(desk))
        for at in desk.rng.permutation(len(there)):
            held = there[int(at)]
            was = await desk.examined(held.source, _called(held, desk), limited=False)
            if was is None or was.statement.key != held.statement.key or not was.found.verdict.status.passed:
                continue
            wrong = await _wrong(was, held, desk)
            if wrong is not None:
                desk.exchange(held, wrong, "error", told=self.told)
                return True
        return False

    async def _lemma(self, desk: Desk) -> bool:
        """Write a false claim; whether one was found."""
        known = {key for note in desk.notes.values() for key in note.statements}
        readable = sorted(desk.readable())
        functions = binaries(desk.given, [desk.definitions[key] for key in readable if key in desk.definitions])
        for _ in range(TRIES):
            drawn = random_claim(functions, desk.rng)
            found = None if drawn is None else await desk.examined(*drawn)
            false = found is not None and found.found.verdict.status is Status.REFUTED
            if found is not None and false and found.statement.key not in known:
                return desk.write(found, "false", told=False)
        return False


def _on_their_own(desk: Desk) -> Iterator[Held]:
    """The statements that a researcher wrote into the notes and that no other statement there rests on. An error in any
    other one would show at once: what rests on it calls the definition that is gone."""
    notes = desk.notes.values()
    for note in notes:
        for held in desk.held(note) if note.author != CONTROL else ():
            key = held.statement.key
            if not any(key in _calls(other, desk) for other in notes):
                yield held


def _calls(note: Note, desk: Desk) -> set[str]:
    """Keys of the definitions that the statements of a note call."""
    return {key for held in desk.held(note) for _, key in held.statement.rests_on}


def _called(held: Held, desk: Desk) -> dict[str, Definition]:
    """Name -> definition, for all that a statement calls."""
    return {name: desk.definitions[key] for name, key in held.statement.rests_on}


async def _wrong(was: Examined, held: Held, desk: Desk) -> Examined | None:
    """The statement with an error of one symbol, so that no note has it already; None if none makes a difference that
    the checker sees."""
    names = {name: desk.definitions[key] for name, key in held.note.rests_on.items() if key in desk.definitions}
    names.pop(was.statement.name or "", None)
    operations = [operation.name for operation in desk.given.operations]
    known = {key for note in desk.notes.values() for key in note.statements}
    errors = list(one_symbol_errors(held.source, {*names, *operations}))
    for at in desk.rng.permutation(len(errors))[:TRIES]:
        found = await desk.examined(errors[int(at)], names)
        if found is not None and found.statement.key not in known and await _differs(was, found, desk):
            return found
    return None


async def _differs(was: Examined, now: Examined, desk: Desk) -> bool:
    """Whether a claim has become false, or a definition has other values."""
    if isinstance(was.statement, Claim):
        return now.found.verdict.status is Status.REFUTED
    one, two = was.statement, now.statement
    if not isinstance(two, Definition) or now.found.verdict.status is not Status.DEFINED:
        return False
    parameters = ", ".join(f"{each.name}: {print_type(each.type)}" for each in one.parameters)
    arguments = ", ".join(each.name for each in one.parameters)
    same = f"claim ({parameters}): before({arguments}) == after({arguments})"
    found = await desk.examined(same, {"before": one, "after": two}, limited=False)
    return found is not None and found.found.verdict.status is Status.REFUTED
