"""What a successor can open within one tenure, against every order of openings that a tenure could try."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from itertools import count, islice
from pathlib import Path

import pytest

from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.records.events import AnyEvent, GenerationEnded, Judged
from relay.records.scores import TrialScores
from relay.researcher.observation import TenureView
from relay.researcher.turn import TurnContext
from relay.trial import openings
from relay.trial.directory import load_trial
from relay.trial.opening import open_tenure
from relay.trial.readable import callable_keys, formerly_readable, openable
from relay.trial.setup import TrialSetup
from tests.attack.damage import rewritten
from tests.trial.helpers import condition, events, of_type, run, state
from tests.trial.puppets import puppet
from tests.trial.stores import DRAWER, Store, called_by_brute_force, defined, filed, lived, numbered, random_stores

END = '{"actions": [{"action": "end"}]}'
SCHEMES = ("ledger(cap=200)", "ledger(cap=400)", DRAWER)
STORES = 67


@pytest.mark.parametrize("notes", SCHEMES)
def test_a_definition_is_readable_if_some_order_of_openings_makes_it_callable(notes: str) -> None:
    kinds: Counter[str] = Counter()
    for number, store in enumerate(islice(random_stores(14, notes), STORES)):
        found = callable_keys(store.setup, store.opening)
        assert found == called_by_brute_force(store), number
        if store.possible > (shown := set(store.opening.shown.readable)):
            kinds["all" if found == store.possible else "none" if found == shown else "some"] += 1
    assert min(kinds["all"], kinds["none"]) >= 5 and kinds["some"] >= 1, kinds


# Replies may have 1,000 tokens. In this order, first fit needs three turns; two are enough.
PACKED = (390, 390, 295, 295, 295, 295)


def chain(notes: str, tokens: Sequence[int], budget: Budget) -> Store:
    """A store of one more note than there are `tokens`, which are those of the replies that open them. The definition
    in the last one rests on all others but the first, which is shown."""
    several = [numbered(number) for number in range(len(tokens))]
    body = "".join(f"{each.name}(" for each in several[1:]) + "x" + ")" * (len(several) - 1)
    held = [*several, defined("last", body, *several[1:])]
    frames = [len(f"1. Entry 1.1.{at}:\n```relay\n{each.source}\n```\n\n") for at, each in enumerate(held)]
    sizes = [0, *(4 * most - frame for most, frame in zip(tokens, frames[1:], strict=True))]
    return filed(notes, [([each], size) for each, size in zip(held, sizes, strict=True)], budget)


def test_notes_that_fill_two_turns_are_found_where_first_fit_needs_three() -> None:
    budget = Budget(turns=3, context=4_000)
    store = chain(DRAWER, PACKED, budget)
    (last,) = [*store.opening.notes.values()][-1].statements
    assert [len(turn.replies) for turn in openable(store.setup, store.opening)[last].turns] == [3, 3]
    # not in one turn, nor with a little more to read
    for tokens, given in ((PACKED, Budget(turns=2, context=4_000)), ((*PACKED[:-1], 350), budget)):
        store = chain(DRAWER, tokens, given)
        assert last in store.possible - callable_keys(store.setup, store.opening)


def test_where_not_every_order_is_tried_no_more_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    store = chain(DRAWER, PACKED, Budget(turns=3, context=4_000))
    whole = callable_keys(store.setup, store.opening)
    for name, limit in (("EXACT", 5), ("MOST", 1)):
        with monkeypatch.context() as patch:
            patch.setattr(openings, name, limit)
            assert callable_keys(store.setup, store.opening) < whole


def test_a_turn_may_pass_before_a_note_is_opened() -> None:
    """The last turn but one has more room for replies than the one before it, which keeps room for both."""
    store = filed(DRAWER, [([numbered(0)], 0), ([numbered(1)], 1_080)], Budget(turns=3, context=2_127))
    ((_, stage),) = openable(store.setup, store.opening).items()
    assert [len(turn.replies) for turn in stage.turns] == [0, 1]


def test_of_several_notes_with_a_definition_one_is_enough() -> None:
    shown, low, high = numbered(0), numbered(1), defined("high", "h1(op(x, x))", numbered(1))
    sheets = [([shown], 0), ([low], 5_000), ([high], 100), ([low], 100)]
    store = filed(DRAWER, sheets, Budget(turns=2, context=3_000))
    stage = openable(store.setup, store.opening)[high.key]
    assert stage.opened == {"1.1.3", "1.1.4"}


def test_the_order_within_an_answer_decides_how_long_names_are() -> None:
    """Whoever reads the long note first reads the second one's `f` as `f_2`, wherever it stands."""
    first, second = defined("f", "op(op(x, x), x)"), defined("f", "op(op(x, x), op(x, x))")
    often = defined("g", " if x == x else ".join(["f(f(f(x)))"] * 20), second)
    both = defined("both", "g(f(x))", first, often)
    sheets = [([numbered(0)], 0), ([first], 1_000), ([second, often], 100), ([both], 100)]
    found = []
    for context in range(2_060, 2_180, 8):
        store = filed(DRAWER, sheets, Budget(turns=2, context=context))
        found.append(both.key in callable_keys(store.setup, store.opening))
        assert found[-1] == (both.key in called_by_brute_force(store)), context
    assert len(set(found)) == 2


@pytest.mark.parametrize("notes", [*SCHEMES, "wiki"])
def test_what_is_found_can_be_done(tmp_path: Path, notes: str) -> None:
    """A researcher that gives the answers that were found for a definition can then state a claim that calls it."""
    stores = [chain(notes, PACKED, Budget(turns=3, context=4_000)), *islice(random_stores(41, notes), 60)]
    turns: Counter[int] = Counter()
    for number, store in enumerate(stores):
        for key, stage in openable(store.setup, store.opening).items():
            name = next(name for name, meant in stage.labels.items() if meant == key)
            use = json.dumps({"actions": [state(f"claim (x: Element): {name}(x) == x")]})
            answers = [*(turn.answer for turn in stage.turns), use]
            judged = [each for each in lived(store, answers, tmp_path / f"{number}-{key}") if isinstance(each, Judged)]
            assert [(each.status, each.rests_on) for each in judged] == [("holds", {name: key})], number
            turns[len(stage.turns)] += 1
    assert turns[1] >= 10 and sum(turns.values()) - turns[1] >= 3, turns


# --- in trials -------------------------------------------------------------------------------------------------------

AUTHORS = 4
REMARKS = (60, 200, 120, 220, 90, 210, 70, 180)
"""Words of the remarks on their definitions, two for each author."""


class Authors:
    """Researchers who write down two definitions each in the first generation, and carry out a plan in the next."""

    def __init__(self, context: int, turns: int) -> None:
        self.plan: list[str] = []
        self._authors = count()
        self._agent = puppet("authors", self._answer)
        self._budget = Budget(turns=turns, tokens=60_000, context=context, evaluations=60)

    def condition(self, generations: int) -> Condition:
        """The condition of a trial of so many generations."""
        self._authors = count()
        options = {"notes": "ledger(cap=480)", "generations": generations, "width": AUTHORS, "budget": self._budget}
        return condition(agent=self._agent, **options)

    def _answer(self, view: TenureView, turn: TurnContext) -> str:
        if view.observation.inheritance.text:
            return [*self.plan, END][len(view.turns)]
        if view.turns:
            return END
        author = next(self._authors)
        sources = (
            f"define p{author}(x: Element) -> Element = {'op(x, ' * (author + 2)}x{')' * (author + 2)}",
            f"define q{author}(x: Element) -> Element = op(p{author}(x), x)",
        )
        noted = zip(sources, REMARKS[2 * author :], strict=False)
        actions = [{**state(source), "record": True, "remark": "word " * words} for source, words in noted]
        return json.dumps({"actions": actions})


@pytest.mark.parametrize(("context", "turns"), [(2_380, 3), (2_550, 3), (2_497, 2), (2_947, 3)])
def test_what_a_log_calls_readable_can_be_called_by_the_next(tmp_path: Path, context: int, turns: int) -> None:
    authors = Authors(context, turns)
    run(tmp_path / "one", authors.condition(1))
    first = load_trial(tmp_path / "one", trust=True)
    setup = TrialSetup.of(authors.condition(2), first.task)
    opening = open_tenure(setup, first.state, 2, 1)
    found = openable(setup, opening)
    assert set(found) | set(opening.shown.readable) == set(of_type(tmp_path / "one", "generation_ended")[0].readable)
    for key, stage in found.items():
        name = next(name for name, meant in stage.labels.items() if meant == key)
        use = json.dumps({"actions": [state(f"claim (x: Element): {name}(x) == x")]})
        authors.plan[:] = [*(turn.answer for turn in stage.turns), use]
        run(tmp_path / key, authors.condition(2))
        judged = of_type(tmp_path / key, "judged")[-1]
        assert (judged.generation, judged.status, judged.rests_on) == (2, "holds", {name: key})
    assert found


def test_logs_that_were_written_before_openings_were_rehearsed_go_on(tmp_path: Path) -> None:
    authors = Authors(2_347, 2)
    run(tmp_path, authors.condition(2))
    once = load_trial(tmp_path, 1, trust=True)
    assert once.state.last is not None
    formerly = formerly_readable(TrialSetup.of(authors.condition(2), once.task), once.state, 2)
    assert formerly > set(once.state.last.readable)
    scores, log = TrialScores(once.task.concepts), list[AnyEvent]()
    for event in events(tmp_path):
        if isinstance(event, GenerationEnded):
            event = scores.end_of_generation(event.model_copy(update={"readable": tuple(sorted(formerly))}))
        scores.apply(event)
        log.append(event)
        if isinstance(event, GenerationEnded):
            break
    rewritten(tmp_path, log)
    final = run(tmp_path, authors.condition(2))
    first, second = of_type(tmp_path, "generation_ended")
    assert final.ended == "completed" and set(first.readable) == formerly > set(second.readable)
