"""Random stores of notes in tight contexts, and what a tenure can call in them, found by trying every order of openings
in a tenure that the engine carries out."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, cast

import numpy as np

from agents.scripted import Function
from relay.notation.dependencies import grounded
from relay.notation.syntax import Definition
from relay.records.budget import Budget
from relay.records.events import AnyEvent, Judged, NoteChanged
from relay.records.prices import Prices
from relay.researcher.actions import Action, Purpose, Role, note_action
from relay.researcher.bench.bench import Runner
from relay.researcher.observation import Answer, Inheritance, TenureView
from relay.researcher.tokens import Counter
from relay.researcher.turn import TurnContext
from relay.schemes.notes.scheme import Layout, NotePlace, Notes, NoteScheme, Opened, Outcome, Part, Refused
from relay.schemes.outside import Outside
from relay.scoring.judge import Judge
from relay.trial.allowance import Horizon
from relay.trial.answer_executor import AnswerExecutor
from relay.trial.charging import Attempt, charged
from relay.trial.opening import Opening, empty_prompt, observe, open_tenure
from relay.trial.retry import Retry
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.tenure import Tenure
from relay.trial.tenure_log import TenureLog
from relay.trial.tenure_state import TenureState
from relay.trial.turn_ahead import turn_ahead
from tests.trial.helpers import condition
from tests.trial.toy import Toy, ToyJudge

DRAWER = f"{Path(__file__).resolve()}:Drawer"


class Fetch(Action):
    """Read a sheet."""

    purpose: ClassVar[Purpose | None] = Purpose.OPEN
    action: Literal["fetch"] = "fetch"
    sheet: Annotated[str, Role.NOTE]


class Drawer(NoteScheme):
    """Sheets with any number of statements; only the first is shown, and the others are listed."""

    actions = (Fetch,)

    def instructions(self) -> str:
        return f"Sheets lie in a drawer. Take one with {note_action(Fetch).example}."

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        first, *rest = notes.values()
        parts = [Part(f"Sheet {first.id}\n{first.text}", first)]
        parts = [part for part in parts if part.tokens(count) <= room]
        index = Part("More: " + " ".join(note.id for note in rest))
        if index.tokens(count) + sum(part.tokens(count) for part in parts) > room:
            return Layout(tuple(parts), (), tuple(rest))
        return Layout((*parts, index), tuple(rest), tuple(rest))

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        note = place.notes.get(cast(Fetch, action).sheet)
        return Refused("There is no such sheet.") if note is None else Opened(note)


PRICES = Prices(currency="EUR", per=1_000, input=Decimal(1), output=Decimal(3), cached=Decimal(1))

LISTED = {1: 9, 2: 4, 3: 3, 4: 3}
"""Turns -> the most notes that can be opened: with more there are too many orders to try them all."""


@dataclass(frozen=True)
class Store:
    """A store at the end of the first generation, and what a tenure of the second begins with."""

    setup: TrialSetup
    state: TrialState
    opening: Opening

    @property
    def possible(self) -> frozenset[str]:
        """Keys of the definitions that could be called after all notes were opened."""
        read = {key for ref in self.opening.shown.listed for key in self.opening.notes[ref.id].defines.values()}
        return grounded(read.union(self.opening.names.values()), self.opening.definitions)


@cache
def _setup(notes: str) -> TrialSetup:
    agent = {"name": "scripted", "parameters": {"lines": []}}
    return TrialSetup.of(condition(agent=agent, notes=notes), Toy().build(0))


def random_stores(seed: int, notes: str) -> Iterator[Store]:
    """Stores of a few notes; definitions rest on each other, and several may have the same name. Turns, context,
    tokens and money are few."""
    rng = np.random.default_rng(seed)
    while True:
        held = list(_held(rng, _definitions(rng), one=notes.startswith("ledger")))
        sheets = [(each, 5 * int(rng.choice([0, 30, 120, 240, 360]))) for each in held]
        store = filed(notes, sheets, _tight(rng, notes), PRICES)
        if len(store.opening.shown.listed) <= LISTED[store.setup.budget.turns]:
            yield store


def filed(
    notes: str, sheets: Sequence[tuple[Sequence[Definition], int]], budget: Budget, prices: Prices | None = None
) -> Store:
    """A store of notes, given by the definitions that each of them holds, and by the characters of its words."""
    bare = _setup(notes)
    state = TrialState(bare.reader)
    for definition in {each.key: each for held, _ in sheets for each in held}.values():
        state.apply(_judged(definition))
    for number, (held, size) in enumerate(sheets, 1):
        state.apply(_note(number, held, "w" * size))
    setup = replace(bare, condition=bare.condition.model_copy(update={"budget": budget, "prices": prices}))
    return Store(setup, state, open_tenure(setup, state, 2, 1))


def defined(name: str, body: str, *called: Definition) -> Definition:
    """A definition of one parameter `x`."""
    source = f"define {name}(x: Element) -> Element = {body}"
    statement = _setup("journal").reader.reread(source, {each.name: each for each in called})
    assert isinstance(statement, Definition)
    return statement


def numbered(number: int) -> Definition:
    """The definition `hN`, which rests on nothing."""
    return defined(f"h{number}", f"{'op(x, ' * (number + 1)}x{')' * (number + 1)}")


def _definitions(rng: np.random.Generator) -> list[Definition]:
    """Two to five definitions, each of which may call some of those before it."""
    found: dict[str, Definition] = {}
    for number in range(int(rng.integers(2, 6))):
        calls = {each.name: each for each in found.values() if rng.random() < 0.4}
        body = "".join(f"{name}(" for name in calls) + "x" + ")" * len(calls)
        body = f"op({body}, {'op(x, ' * number}x{')' * number})"
        # own names are few, so that readers get other names for some of them
        name = next(name for name in (f"f{int(rng.integers(0, 3))}", f"g{number}") if name not in calls)
        statement = defined(name, body, *calls.values())
        found[statement.key] = statement
    return list(found.values())


def _held(rng: np.random.Generator, definitions: list[Definition], one: bool) -> Iterator[list[Definition]]:
    """What each note holds: one definition; or, unless `one`, one or two, some of which stand in several notes."""
    for each in definitions:
        more = definitions[int(rng.integers(0, len(definitions)))]
        meanings = {name: key for held in (each, more) for name, key in (*held.rests_on, (held.name, held.key))}
        pairs = [pair for held in (each, more) for pair in (*held.rests_on, (held.name, held.key))]
        sound = more is not each and all(meanings[name] == key for name, key in pairs)
        yield [each, more] if sound and not one and rng.random() < 0.5 else [each]


def _judged(definition: Definition) -> Judged:
    return Judged(
        key=definition.key, kind="define", name=definition.name, source=definition.source,
        rests_on=dict(definition.rests_on), status="defined", message="",
    )  # fmt: skip


def _note(number: int, held: Sequence[Definition], words: str) -> NoteChanged:
    rests_on = {name: key for each in held for name, key in (*each.rests_on, (each.name, each.key))}
    text = "\n".join(f"```relay\n{each.source}\n```" for each in held)
    return NoteChanged(
        id=f"1.1.{number}", version=1, author="g1-t1", text=f"{text}\n{words}".strip(), rests_on=rests_on,
        statements=tuple(each.key for each in held), sure="defined",
    )  # fmt: skip


def _tight(rng: np.random.Generator, notes: str) -> Budget:
    """A budget that has little room beside the brief."""
    bare = _setup(notes)
    prompt = empty_prompt(bare, observe(bare, Inheritance()), last=True)
    turns = int(rng.choice([1, 2, 2, 3, 3, 3, 4, 4]))
    context = int((prompt + rng.integers(300, 2_000)) * 8 / 7)
    scarce = int((prompt + 400) * rng.integers(4, 2 * turns + 6) / 2)
    kind = rng.random()
    return Budget(
        turns=turns,
        tokens=scarce if kind < 0.25 else turns * context,
        context=context,
        evaluations=5,
        answer=int(rng.integers(40, 90)) if rng.random() < 0.2 else None,
        money=Decimal(scarce) / 1_000 if 0.25 <= kind < 0.4 else None,
    )


# --- by brute force --------------------------------------------------------------------------------------------------


def called_by_brute_force(store: Store) -> frozenset[str]:
    """Keys of all definitions that some tenure could call in a turn of its own, after answers that open notes: every
    sequence of answers is carried out, each of which opens some of the notes that are not yet open, in some order, or
    none. It stops when all that is possible is found."""
    found: set[str] = set()
    waiting: list[tuple[tuple[str, ...], ...]] = [()]
    while waiting and len(found) < len(store.possible):
        plan = waiting.pop()
        state = _carried_out(store, plan)
        if state is None:
            continue
        found |= state.symbols.readable
        closed = [ref.id for ref in store.opening.shown.listed if ref.id not in state.reach.read]
        waiting += [(*plan, ids) for number in range(len(closed) + 1) for ids in permutations(closed, number)]
    return frozenset(found)


def _carried_out(store: Store, plan: tuple[tuple[str, ...], ...]) -> TenureState | None:
    """A tenure that has given these answers and has a turn left; None if there is no such turn."""
    setup = store.setup
    state = TenureState(store.opening, setup.reader, {})
    before: Horizon | None = None
    for ids in (*plan, None):
        ahead = turn_ahead(setup, state, before)
        allowance = setup.allowance(state.spent)
        if (before is not None and before.last) or allowance.refusal(ahead.prompt) is not None:
            return None
        if ids is None:
            return state
        kind = setup.notes.actions[-1]
        (field,) = note_action(kind).fields
        text = json.dumps({"actions": [{"action": note_action(kind).name, field.name: id} for id in ids]})
        answered = charged(setup, allowance, Attempt(Answer(text=text), "", 0.0), ahead.asked)
        state.apply(answered)

        def emit(*events: Any) -> None:
            for event in events:
                state.apply(event)

        executor = AnswerExecutor(setup, state, cast(Judge, None), cast(Outside, None), emit, (2, 1))
        with contextlib.suppress(StopIteration):  # it awaits nothing, since nothing is stated
            executor.carry_out(answered, ahead.asked).send(None)
        before = ahead.horizon
    raise AssertionError("the last item of the plan is None")


# --- in a tenure that lives ------------------------------------------------------------------------------------------


def lived(store: Store, answers: Sequence[str], path: Path) -> list[AnyEvent]:
    """The events of a whole tenure whose researcher gives these answers and ends. `path`: its own file."""

    def answer(view: TenureView, turn: TurnContext) -> str:
        return answers[len(view.turns)] if len(view.turns) < len(answers) else '{"actions": [{"action": "end"}]}'

    setup = replace(store.setup, agent=Function(function=answer))
    log = TenureLog(path, (2, 1), "")
    tenure = Tenure(setup, store.state, ToyJudge(setup.task), cast(Runner, None), 2, 1, log)
    asyncio.run(tenure.catch_up())
    asyncio.run(tenure.live(Retry(limit=0, pause=0.0), lambda *_: None))
    return log.events
