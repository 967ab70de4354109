"""`oracle` and `oracle(depth=...)`: a textbook, after every generation."""

from __future__ import annotations

from pydantic import Field

from relay.notation.dependencies import closure
from relay.trial.interventions.intervention import Desk, Intervention

__all__ = ["OracleTextbook"]


class OracleTextbook(Intervention):
    """A control: after every generation what a textbook would have is written into the notes, as far as a successor
    could not call it already.

    A textbook has the first form of each concept that was established so far; with a depth, of each concept of the
    whole theory up to this depth, found or not. What it gives is retained, and not established.
    """

    depth: int | None = Field(default=None, ge=1)
    """The depth up to which the whole theory is told; None: what was established so far is."""

    async def intervene(self, desk: Desk) -> None:
        """Write what a successor lacks, each definition after those that it calls."""
        theory = desk.theory
        forms = {form.concept: form for form in reversed(theory.forms)}  # the first form of each concept
        concept_of = {form.definition.key: form.concept for form in theory.forms}
        wanted = {concept for concept in forms if self._tells(concept, desk)}
        lacking = wanted - desk.formed(desk.readable())
        chapter = closure((forms[concept].definition.key for concept in theory.depth if concept in lacking),
                          theory.definitions)  # fmt: skip
        readable = desk.readable()
        for key, definition in chapter.items():
            below = closure([key], theory.definitions)
            # nothing that was not established yet, even if a form of what was calls it
            if key in readable or any(concept_of.get(each, "") not in {"", *wanted} for each in below):
                continue
            called = {name: theory.definitions[each] for name, each in definition.rests_on}
            found = await desk.examined(definition.source, called, limited=False)
            if found is not None and found.statement.key == key:
                desk.write(found, "textbook", told=True)

    def _tells(self, concept: str, desk: Desk) -> bool:
        return concept in desk.established if self.depth is None else desk.theory.depth[concept] <= self.depth
