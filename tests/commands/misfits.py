"""Components that go wrong, each at one moment and in one way; and sound ones of which they are made."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from relay.errors import UsageError
from relay.records.record import Record
from relay.researcher import Agent, Answer
from relay.schemes.handover import Charter, HandoverStep
from relay.schemes.memory import MemoryScheme, longest_end
from relay.schemes.notes import Action, Layout, NoteScheme, Part, Purpose, Refused, Role, Written, note_action, page_of
from relay.schemes.notes.scheme import Linked
from relay.schemes.truth import TruthScheme
from relay.trial.interventions.intervention import Intervention


class Leave(Action):
    purpose: ClassVar = Purpose.WRITE
    action: Literal["leave"] = "leave"
    text: str


class Plain(NoteScheme):
    actions = (Leave,)

    def instructions(self) -> Any:
        return note_action(Leave).example

    def show(self, notes: Any, room: Any, count: Any) -> Any:
        return page_of(notes.values(), notes, room, count)

    def apply(self, action: Any, place: Any) -> Any:
        return Written(place.fresh_id(), action.text, "Left.")


class Teller(Agent):
    """Says what a plain researcher says."""

    async def answer(self, view: Any, turn: Any) -> Any:
        operation = view.observation.given.operations[0].name
        sort = view.observation.given.operations[0].result
        actions = [
            {"action": "leave", "text": "Something."},
            {"action": "state", "source": f"define f(x: {sort}) -> {sort} = {operation}(x, x)"},
            {"action": "state", "source": f"claim (x: {sort}): x == x"},
        ]
        return Answer(text=json.dumps({"actions": actions}))


class RaisesAtConstruction(Plain):
    def model_post_init(self, _: Any) -> None:
        raise ZeroDivisionError("at once")


class LacksMethods(NoteScheme):
    pass


class SaysNothing(Plain):
    def instructions(self) -> Any:
        return None


class WrongActions(Plain):
    actions = (Plain,)


class OneAction(Plain):
    actions: ClassVar = Leave


class Loose(Leave):
    action: str = "loose"  # type: ignore[assignment]


class LooseActions(Plain):
    actions = (Loose,)


class Nameless(Action):
    action: Literal["nameless"]


class NamelessActions(Plain):
    actions = (Nameless,)


class Evaluates(Leave):
    action: Literal["evaluate"] = "evaluate"  # type: ignore[assignment]


class TakenActions(Plain):
    actions = (Evaluates,)


class TwiceActions(Plain):
    actions = (Leave, Leave)


class Aimless(Leave):
    purpose: ClassVar = None


class AimlessActions(Plain):
    actions = (Aimless,)


class Flagged(Leave):
    important: Annotated[Literal["yes", "no"], Role.REMARK] = "no"


class FlaggedActions(Plain):
    actions = (Flagged,)


class ShowsNothing(Plain):
    def show(self, notes: Any, room: Any, count: Any) -> Any:
        return None


class ShowsLists(Plain):
    def show(self, notes: Any, room: Any, count: Any) -> Any:
        return Layout(parts=[Part("x")])


class ShowsNumbers(Plain):
    def show(self, notes: Any, room: Any, count: Any) -> Any:
        return Layout(parts=(Part(3),))


class ShowsForever(Plain):
    def show(self, notes: Any, room: Any, count: Any) -> Any:
        return Layout(parts=(Part("x") for _ in iter(int, 1)))


class ShowsTooMuch(Plain):
    def show(self, notes: Any, room: Any, count: Any) -> Any:
        return Layout(parts=(Part("and so on " * 100_000),))


class ShowsLater(Plain):
    async def show(self, notes: Any, room: Any, count: Any) -> Any:
        return Layout()


class TakesLess(Plain):
    def show(self, notes: Any) -> Any:
        return Layout()


class ChangesTheStore(Plain):
    def show(self, notes: Any, room: Any, count: Any) -> Any:
        for id in list(notes):
            del notes[id]
        return super().show(notes, room, count)


class FailsLate(Plain):
    def show(self, notes: Any, room: Any, count: Any) -> Any:
        if len(notes) > 1:
            raise KeyError("the second note")
        return super().show(notes, room, count)


class Exits(Plain):
    def apply(self, action: Any, place: Any) -> Any:
        sys.exit(3)


class ExitsAtOnce(Plain):
    def model_post_init(self, _: Any) -> None:
        sys.exit(3)


class ExitsShowing(Plain):
    def show(self, notes: Any, room: Any, count: Any) -> Any:
        sys.exit(3)


class ExitsJudging(Charter):
    rule: str = "Be kind."

    def kept(self, conduct: Any) -> Any:
        sys.exit(3)


class Judges(Charter):
    rule: str = "Be kind."

    def kept(self, conduct: Any) -> Any:
        return 1


class AppliesNothing(Plain):
    def apply(self, action: Any, place: Any) -> Any:
        return None


class WritesNumbers(Plain):
    def apply(self, action: Any, place: Any) -> Any:
        return Written(place.fresh_id(), 3, "Left.")


class LinksNumbers(Plain):
    def apply(self, action: Any, place: Any) -> Any:
        return Written(place.fresh_id(), "x", "Left.", linked=Linked(rests_on={"f": 3}))


class ChangesItsPlace(Plain):
    def apply(self, action: Any, place: Any) -> Any:
        place.notes["mine"] = 3
        return Refused("No.")


class MergesNothing(Plain):
    def merge(self, notes: Any, change: Any) -> Any:
        return None


class LimitsInWords(Plain):
    @property
    def limit(self) -> Any:
        return "many"


class ReadsAFile(Plain):
    def show(self, notes: Any, room: Any, count: Any) -> Any:
        return Path("there is no such file").read_text()


class Prints(Plain):
    """Nothing is wrong with it, but it talks."""

    def show(self, notes: Any, room: Any, count: Any) -> Any:
        print("so much to tell " * 100)
        return super().show(notes, room, count)


class NeedsAFile(Plain):
    """It fails late as long as there is a file `broken` in the current folder."""

    def show(self, notes: Any, room: Any, count: Any) -> Any:
        if len(notes) > 2 and Path("broken").exists():
            raise RuntimeError("it is broken")
        return super().show(notes, room, count)


class RemembersNumbers(MemoryScheme):
    @property
    def transcripts(self) -> Any:
        return 7

    def hand_on(self, remembered: Any, room: Any, count: Any) -> Any:
        return ()


class ForgetsEverything(MemoryScheme):
    @property
    def transcripts(self) -> Any:
        return True

    def hand_on(self, remembered: Any, room: Any, count: Any) -> Any:
        return longest_end(remembered, room, count)[1:]


class StepsNowhere(HandoverStep):
    def step(self, view: Any, rng: Any) -> Any:
        return None


class StepsOnNotes(HandoverStep):
    def step(self, view: Any, rng: Any) -> Any:
        return replace(view, notes=list(view.notes.values()))


class Renames(HandoverStep):
    def step(self, view: Any, rng: Any) -> Any:
        return replace(view, notes={f"{id}!": note for id, note in view.notes.items()})


class ReadsBadly(HandoverStep):
    def step(self, view: Any, rng: Any) -> Any:
        view.reader.reread("no statement", {})
        return view


class Empties(HandoverStep):
    def step(self, view: Any, rng: Any) -> Any:
        view.notes.clear()
        return view


class TellsYes(TruthScheme):
    @property
    def tells(self) -> Any:
        return True

    def of_claim(self, verdict: Any) -> Any:
        return "yes"

    def of_phenomena(self, explained: Any) -> Any:
        return explained


class TellsLater(TellsYes):
    async def of_claim(self, verdict: Any) -> Any:
        return verdict


class TellsLists(TellsYes):
    def of_claim(self, verdict: Any) -> Any:
        return verdict

    def of_phenomena(self, explained: Any) -> Any:
        return list(explained)


class AnswersAtOnce(Teller):
    def answer(self, view: Any, turn: Any) -> Any:
        return Answer(text="")


class AnswersInWords(Teller):
    async def answer(self, view: Any, turn: Any) -> Any:
        return "a word"


class AnswersBadly(Teller):
    async def answer(self, view: Any, turn: Any) -> Any:
        await asyncio.sleep(0)
        raise LookupError("no words")


class PromptsNothing(Teller):
    def messages(self, view: Any) -> Any:
        return None


class CountsInWords(Teller):
    def count(self, messages: Any) -> Any:
        return "many"


class Intervenes(Intervention):
    async def intervene(self, desk: Any) -> Any:
        return desk.nothing


class BuildsNothing(Record):
    def build(self, seed: Any) -> Any:
        return None


class BuildsBadly(Record):
    def build(self, seed: Any) -> Any:
        return [][seed]


class Explains(Plain):
    """A mistake that its author foresaw."""

    def show(self, notes: Any, room: Any, count: Any) -> Any:
        raise UsageError("there is no room for this; give --context 9000")
