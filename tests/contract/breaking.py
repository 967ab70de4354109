"""For each rule of each contract, but that of note schemes (`slips`), a component that breaks just that rule.

Most of them misbehave only where a trial never comes: in a room that no trial has, with what only the contract asks
about. So the trials of the contract come to their ends, and the rule itself has to find the mistake.
"""

from __future__ import annotations

import json
import runpy
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count as numbers
from pathlib import Path
from typing import Any, ClassVar

from relay.records.events import NoteChanged
from relay.records.task import Law
from relay.researcher import Answer
from relay.researcher.observation import Message
from relay.schemes.handover import Charter, HandoverStep, HandoverView, Kept, Note
from relay.schemes.memory import Counter, MemoryScheme, Remembered, longest_end
from relay.schemes.truth import Status, TruthScheme
from relay.trial.contract.short_trial import SEED
from relay.trial.interventions.intervention import Intervention
from tests.commands.misfits import Teller

CALLS = numbers()
"""Counts calls in this process: what depends on it differs from trial to trial."""
OF_ONE: Mapping[str, Iterator[int]] = defaultdict(numbers)
"""The same for the components of one class."""

# --- memory schemes ---------------------------------------------------------------------------------------------------

NARROW = 60
"""A room that no trial has."""


class Sound(MemoryScheme):
    """Hands on what fits."""

    @property
    def transcripts(self) -> bool:
        return True

    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> Any:
        kept = longest_end(remembered, room, count)
        return self.narrow(remembered, kept) if room == NARROW else kept

    def narrow(self, remembered: tuple[Remembered, ...], kept: tuple[Remembered, ...]) -> Any:
        return kept


class Refusing(Sound):
    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> Any:
        raise LookupError("nothing")


class Narrowly(Sound):
    def narrow(self, remembered: tuple[Remembered, ...], kept: tuple[Remembered, ...]) -> Any:
        raise LookupError("too narrow")


class Listing(Sound):
    def narrow(self, remembered: tuple[Remembered, ...], kept: tuple[Remembered, ...]) -> Any:
        return list(kept)


class Undeclared(Sound):
    @property
    def transcripts(self) -> bool:
        return False


class Overflowing(Sound):
    def narrow(self, remembered: tuple[Remembered, ...], kept: tuple[Remembered, ...]) -> Any:
        return remembered


class Midway(Sound):
    def narrow(self, remembered: tuple[Remembered, ...], kept: tuple[Remembered, ...]) -> Any:
        return kept[1:]


class Inventing(Sound):
    def narrow(self, remembered: tuple[Remembered, ...], kept: tuple[Remembered, ...]) -> Any:
        return (Remembered(message=Message(role="user", content="what was never said")),)


class Smuggling(Sound):
    writes: ClassVar[bool] = True

    def narrow(self, remembered: tuple[Remembered, ...], kept: tuple[Remembered, ...]) -> Any:
        names = {name: key for each in remembered for name, key in each.names.items()}
        return (Remembered(message=Message(role="user", content="see"), names=names),)


class Moody(Sound):
    def narrow(self, remembered: tuple[Remembered, ...], kept: tuple[Remembered, ...]) -> Any:
        return kept if next(CALLS) % 2 else ()


class Leaving(Sound):
    forgets: ClassVar[bool] = True

    def leaving(self, turns: int) -> int:
        return 1 if turns < 20 else turns


class Drifting(Sound):
    """What leaves depends on what happened before, in this process."""

    forgets: ClassVar[bool] = True

    def leaving(self, turns: int) -> int:
        return 1 + next(CALLS) % (turns - 1)


MEMORY = {
    "lived": Refusing,
    "total": Narrowly,
    "messages_only": Listing,
    "nothing_undeclared": Undeclared,
    "room_kept": Overflowing,
    "begins_with_user": Midway,
    "logged": Inventing,
    "names_stand_in_text": Smuggling,
    "repeatable": Moody,
    "leaving": Leaving,
    "resumed": Drifting,
}

# --- hand-over steps --------------------------------------------------------------------------------------------------


class Straight(HandoverStep):
    """Hands on everything; the others do something else where the contract tries them out."""

    def step(self, view: HandoverView, rng: Any) -> Any:
        return self.tried(view) if view.lasting == SEED else view

    def tried(self, view: HandoverView) -> Any:
        return view


def _changed(view: HandoverView, **update: Any) -> HandoverView:
    """The view with something changed in every note."""
    return replace(view, notes={id: note.model_copy(update=update) for id, note in view.notes.items()})


class Stumbling(Straight):
    def step(self, view: HandoverView, rng: Any) -> Any:
        raise LookupError("no way")


class Halting(Straight):
    def tried(self, view: HandoverView) -> Any:
        return None


class Emptying(Straight):
    def tried(self, view: HandoverView) -> Any:
        made = replace(view, notes=dict(view.notes))
        view.notes.clear()  # type: ignore[attr-defined]
        return made


class Wavering(Straight):
    def tried(self, view: HandoverView) -> Any:
        return replace(view, notes=dict(reversed(view.notes.items()))) if next(CALLS) % 2 else view


class Granting(Straight):
    def tried(self, view: HandoverView) -> Any:
        return _changed(view, statements=("0" * 64,))


class Importing(Straight):
    """It brings a note, which defines something."""

    def tried(self, view: HandoverView) -> Any:
        text = "```relay\ndefine f(x: Element) -> Element = x\n```"
        note = Note(id="0.1", version=1, author="", text=text, statements=("0" * 64,), rests_on={"f": "0" * 64})
        return replace(view, notes={**view.notes, "0.1": note})


class Lending(Straight):
    """It brings a note of which nothing can be called, which it may."""

    def tried(self, view: HandoverView) -> Any:
        return replace(view, notes={**view.notes, "0.1": Note(id="0.1", version=1, author="", text="Once upon a time")})


class Hiding(Straight):
    def tried(self, view: HandoverView) -> Any:
        return _changed(view, text="It was here.")


class Cutting(Straight):
    def tried(self, view: HandoverView) -> Any:
        return replace(view, remembered=view.remembered[:-1])


class Puzzling(Straight):
    def tried(self, view: HandoverView) -> Any:
        return _changed(view, explains=None)


class Judging(Charter):
    rule: str = "Be brief."

    def kept(self, conduct: Any) -> Any:
        return Kept() if not conduct.events else 3


class Swaying(Straight):
    def step(self, view: HandoverView, rng: Any) -> Any:
        return view if view.lasting == SEED or next(CALLS) % 3 else replace(view, notes={})


STEPS = {
    "lived": Stumbling,
    "total": Halting,
    "unchanged": Emptying,
    "repeatable": Wavering,
    "grounded": Granting,
    "told": Hiding,
    "logged": Cutting,
    "measured": Judging,
    "usable": Puzzling,
    "resumed": Swaying,
}

# --- truths -----------------------------------------------------------------------------------------------------------


class Open(TruthScheme):
    """Tells everything; the others do something else with vacuous claims, of which a trial has none."""

    @property
    def tells(self) -> bool:
        return True

    def of_claim(self, verdict: Any) -> Any:
        return self.vacuous(verdict) if verdict.status is Status.VACUOUS else verdict

    def vacuous(self, verdict: Any) -> Any:
        return verdict

    def of_phenomena(self, explained: tuple[int, ...]) -> Any:
        return explained


class Blushing(Open):
    def of_claim(self, verdict: Any) -> Any:
        raise LookupError("no words")


class Stuttering(Open):
    def vacuous(self, verdict: Any) -> Any:
        return "vacuous"


class Doubting(Open):
    def vacuous(self, verdict: Any) -> Any:
        return verdict if next(CALLS) % 3 else None


class Meddling(Open):
    def of_claim(self, verdict: Any) -> Any:
        if verdict.status is Status.REFUTED:
            object.__setattr__(verdict, "status", Status.HOLDS)
        return verdict


class Boasting(Open):
    def of_phenomena(self, explained: tuple[int, ...]) -> Any:
        return (*explained, 8) if len(explained) == 3 else explained


class Gossiping(Open):
    def vacuous(self, verdict: Any) -> Any:
        return verdict.model_copy(update={"message": f"{verdict.message} for {verdict.scope}"})


class Feigning(Open):
    @property
    def tells(self) -> bool:
        return False

    def of_claim(self, verdict: Any) -> Any:
        return verdict if verdict.status is Status.VACUOUS else None

    def of_phenomena(self, explained: tuple[int, ...]) -> Any:
        return None


class Changing(Open):
    def of_claim(self, verdict: Any) -> Any:
        asked = "every field" in verdict.scope  # by the contract
        return verdict if asked or next(CALLS) % 2 else None


TRUTHS = {
    "lived": Blushing,
    "total": Stuttering,
    "repeatable": Doubting,
    "score": Meddling,
    "explained": Boasting,
    "secret": Gossiping,
    "withheld": Feigning,
    "resumed": Changing,
}

# --- agents -----------------------------------------------------------------------------------------------------------

OF_A_TRIAL = 2 * 3
"""Answers in a short trial of the contract of agents."""


class Fainting(Teller):
    async def answer(self, view: Any, turn: Any) -> Any:
        raise LookupError("no words")


class Mumbling(Teller):
    async def answer(self, view: Any, turn: Any) -> Any:
        return Answer(text='{"actions": [{"action": "mumble"}]}')


class Fidgeting(Teller):
    def messages(self, view: Any) -> Any:
        return (*super().messages(view), Message(role="user", content="ab"[next(CALLS) % 2]))


class Blind(Teller):
    def count(self, messages: Any) -> Any:
        return 7


class Restless(Teller):
    """Its second trial is another one."""

    async def answer(self, view: Any, turn: Any) -> Any:
        number = next(OF_ONE[type(self).__name__])
        return Answer(text=json.dumps({"actions": [{"action": "evaluate", "term": f"{self._term(number)}"}]}))

    def _term(self, number: int) -> int:
        return int(OF_A_TRIAL <= number < 2 * OF_A_TRIAL)


class Ageing(Restless):
    """From its third trial on it says something else each time."""

    def _term(self, number: int) -> int:
        return max(0, number - 2 * OF_A_TRIAL)


AGENTS = {
    "lived": Fainting,
    "usable": Mumbling,
    "prompts": Fidgeting,
    "counted": Blind,
    "repeatable": Restless,
    "resumed": Ageing,
}

# --- interventions ----------------------------------------------------------------------------------------------------

GENERATIONS = 4


class Acting(Intervention):
    """Writes a definition; the others do so in another way."""

    async def intervene(self, desk: Any) -> None:
        await self.write(desk, "kept")

    async def write(self, desk: Any, name: str) -> None:
        operation = desk.given.operations[0]
        source = f"define {name}(x: {operation.result}) -> {operation.result} = {operation.name}(x, x)"
        desk.write(await desk.examined(source, {}), "useless", told=True)


class Tripping(Acting):
    async def intervene(self, desk: Any) -> None:
        raise LookupError("no hands")


class Whimsical(Acting):
    async def intervene(self, desk: Any) -> None:
        await self.write(desk, "new" if GENERATIONS <= next(OF_ONE[type(self).__name__]) < 2 * GENERATIONS else "kept")


class Forging(Acting):
    async def intervene(self, desk: Any) -> None:
        note = {"id": f"{desk.generation}.0.1", "version": 1, "author": "control", "text": "f", "parents": ()}
        links = {"rests_on": {"f": "0" * 64}, "statements": (), "applied": True, "generation": desk.generation}
        desk.add(NoteChanged(**note, **links))


class Waning(Acting):
    async def intervene(self, desk: Any) -> None:
        await self.write(desk, f"late{max(0, next(OF_ONE[type(self).__name__]) - 2 * GENERATIONS)}")


INTERVENTIONS = {"lived": Tripping, "repeatable": Whimsical, "grounded": Forging, "resumed": Waning}

# --- tasks ------------------------------------------------------------------------------------------------------------


Clock: Any = runpy.run_path(str(Path(__file__).parents[2] / "examples" / "task.py"))["Clock"]


class Collapsing(Clock):
    def build(self, seed: int) -> Any:
        raise LookupError("no ground")


class Shifting(Clock):
    def build(self, seed: int) -> Any:
        return super().build(seed).model_copy(update={"brief": f"Explain, for the time {next(CALLS)}."})


class Lying(Clock):
    def build(self, seed: int) -> Any:
        task = super().build(seed)
        law = Law(source="claim (x: Hour): double(x) == x")
        concepts = (task.concepts[0].model_copy(update={"laws": (law,)}), *task.concepts[1:])
        return task.model_copy(update={"concepts": concepts})


class Endless(Clock):
    def build(self, seed: int) -> Any:
        return super().build(seed).model_copy(update={"brief": "Explain. " * 60_000})


TASKS = {"built": Collapsing, "seeded": Shifting, "sound": Lying, "lived": Endless}

BREAKING: Mapping[str, Mapping[str, type]] = {
    "relay.memory": MEMORY,
    "relay.handover": STEPS,
    "relay.truth": TRUTHS,
    "relay.agents": AGENTS,
    "relay.interventions": INTERVENTIONS,
    "relay.tasks": TASKS,
}
"""Group -> rule -> the component that breaks it."""
