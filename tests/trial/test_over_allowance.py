"""A researcher that answers up to its allowance and beyond, at random, among long replies.

No whole action inside the allowance is lost, no last turn has less than its reserve, and budgets are kept to the token.
What is expected is computed here, from the answers, by other means than the engine's.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from relay.records.budget import Budget
from relay.records.events import AnyEvent
from relay.records.prices import Prices
from relay.researcher.observation import Answer, TenureView
from relay.researcher.prompting import render
from relay.researcher.tokens import count_messages
from relay.researcher.turn import TurnContext
from relay.seeds import generator
from tests.trial.helpers import condition, events, own_events, reopen, run
from tests.trial.puppets import puppet

PRICES = Prices(currency="USD", input=Decimal(3), output=Decimal(15), cached=Decimal(1))
BUDGETS = {
    "context": Budget(turns=30, tokens=400_000, context=6_000, evaluations=2_000, answer=1_500),
    "tokens": Budget(turns=30, tokens=30_000, context=8_000, evaluations=2_000),
    "turns": Budget(turns=5, tokens=400_000, context=16_000, evaluations=60, answer=3_000),
    "money": Budget(turns=30, tokens=400_000, context=9_000, evaluations=2_000, money=Decimal("0.15")),
    "reserve": Budget(turns=30, tokens=60_000, context=6_000, evaluations=2_000, reserve=1_500),
}


@dataclass
class Sent:
    """One answer as it was sent, and what its prompt said."""

    view: TenureView
    allowed: int
    prompt: int
    answer: Answer
    whole: tuple[int, ...]
    """The number of characters after which each action is whole, in order."""


@dataclass
class Mock:
    """Writes answers, and remembers them by the seed of their turn."""

    sent: dict[int, Sent] = field(default_factory=dict)
    asked: int = 0

    def __call__(self, view: TenureView, turn: TurnContext) -> Answer:
        seed = drawn(turn.rng)
        draw = random.Random(seed)
        self.asked += 1
        aim = int(4 * turn.max_tokens * draw.choice([0.05, 0.3, 0.9, 0.99, 1.0, 1.01, 1.1, 1.6, 3.0]))
        text, whole = FORMS[draw.randrange(len(FORMS))](draw, aim)
        hidden = draw.choice([0, 0, turn.max_tokens // 3, 2 * turn.max_tokens])
        counted = len(text.encode()) // 4 + 1
        tokens_out = draw.choice([None, counted + hidden])
        finish = "stop"
        if draw.random() < 0.3:  # cut off by its server
            text, finish = text[: draw.randrange(len(text) + 1)], "length"
        answer = Answer(text=text, tokens_out=tokens_out, finish_reason=finish, tokens_in=draw.choice([None, 0, 10**6]))
        self.sent[seed] = Sent(view, turn.max_tokens, count_messages(render(view)), answer, whole)
        return answer


def action(draw: random.Random) -> dict[str, Any]:
    """An action; the replies to most of them are long."""
    number = draw.randrange(10**6)
    long = "op(" * 12 + "x" + ", x)" * 12
    return draw.choice([
        {"action": "state", "source": f"define f{number}(x: Element) -> Element = op(x, x)"},
        {"action": "state", "source": f"define g{number}(x: Element) -> Element = missing(x) + " + "y" * 200},
        {"action": "state", "source": "claim (x: Element): op(x, x) != x"},
        {"action": "evaluate", "term": f"[{long} for x in Element]"},
        {"action": "record", "statement": f"nothing{number}", "remark": "ünderstood " * draw.randrange(30)},
        {"action": "open", "id": f"{number}"},
        {"action": draw.choice(["fly", "y" * 300])},
        {"action": "state", "source": f"define h{number % 3}(x: Element) -> Element = missing(x)"},
        {"action": "evaluate", "term": f"h{number % 3}(first(x for x in Element))"},
    ])  # fmt: skip


def as_json(draw: random.Random, aim: int) -> tuple[str, tuple[int, ...]]:
    """A JSON answer of at least `aim` characters, and the ends of its actions."""
    text, ends = '{"actions": [', []
    while len(text) < aim or not ends:
        text += (", " if ends else "") + json.dumps(action(draw), ensure_ascii=draw.random() < 0.5)
        ends.append(len(text))
    return text + "]}", tuple(ends)


def as_json_with_blank_lines(draw: random.Random, aim: int) -> tuple[str, tuple[int, ...]]:
    text, ends = as_json(draw, aim // 2)
    return text + "\n" * (2 * len(text)), ends


def as_python(draw: random.Random, aim: int) -> tuple[str, tuple[int, ...]]:
    """Python's quotes, which have to be repaired."""
    text, ends = "Here it is:\n[", []
    while len(text) < aim or not ends:
        text += (", " if ends else "") + str(action(draw))
        ends.append(len(text))
    return text + "]", tuple(ends)


def as_fences(draw: random.Random, aim: int) -> tuple[str, tuple[int, ...]]:
    """Statements in fences. In a fence that is open, a statement is whole only where something follows its line."""
    text, ends = "", []
    while len(text) < aim or not ends:
        text += "Some words about it.\n```relay\n"
        count = draw.randrange(1, 4)
        for _ in range(count):
            text += f"claim (x: Element): op(x, x) == x and {draw.randrange(10**9)} == 1\n"
            ends.append(len(text) + 1)
        text += "```\n"
    return text, tuple(ends)


FORMS = [as_json, as_json, as_json_with_blank_lines, as_python, as_fences]


def inside(sent: Sent) -> int:
    """The characters of an answer that are within its allowance, by the documented rule of counting."""
    data = sent.answer.text
    own = -(-len(data.encode()) // 4)
    if sent.answer.tokens_out is None:
        own, room = own + 4, 4 * (sent.allowed - 4)
    else:
        room = 4 * (sent.allowed - max(sent.answer.tokens_out - own, 0))
    if max(own, sent.answer.tokens_out or 0) <= sent.allowed:
        return len(data)
    return len(data.encode()[: max(room, 0)].decode(errors="ignore"))


@pytest.mark.slow
def test_two_hundred_tenures_of_a_researcher_that_answers_beyond_its_allowance(tmp_path: Path) -> None:
    found: Counter[str] = Counter()
    for seed, (name, budget) in enumerate(BUDGETS.items()):
        mock = Mock()
        free = budget.model_copy(update={"money": None})
        chosen = condition(agent=puppet(f"beyond {name}", mock), budget=free, generations=20, width=2, seed=seed)
        chosen = chosen.model_copy(update={"budget": budget, "prices": PRICES})
        run(tmp_path / name, chosen)
        log = events(tmp_path / name)
        whole = (tmp_path / name / "events.jsonl").read_bytes()
        by_tenure: dict[tuple[int, int], list[AnyEvent]] = defaultdict(list)
        for event in log:
            if event.tenure:
                by_tenure[event.generation, event.tenure].append(event)
        assert len(by_tenure) == 40
        for own in by_tenure.values():
            follow(own, budget, mock, seed, found)
        draw = random.Random(seed)
        for _ in range(6):  # kills: at any event of a tenure, the trial goes on with the same bytes
            generation = draw.randrange(1, 21)
            tenures = {tenure: own_events(tmp_path / name, generation, tenure) for tenure in (1, 2)}
            cuts = {tenure: own[: draw.randrange(len(own) + 1)] for tenure, own in tenures.items()}
            asked = mock.asked
            reopen(tmp_path / name, generation, cuts)
            run(tmp_path / name, chosen)
            assert (tmp_path / name / "events.jsonl").read_bytes() == whole
            found["answers after a kill"] += mock.asked - asked
            found["kills"] += 1
    assert found["tenures"] == found["last turns"] == 200
    print(f"\n{', '.join(f'{number:,} {what}' for what, number in sorted(found.items()))}")
    assert min(found[what] for what in ("cut answers", "blank endings", "lost turns", "skipped", "silent")) > 20


def follow(own: list[AnyEvent], budget: Budget, mock: Mock, seed: int, found: Counter[str]) -> None:
    """Check one tenure against its answers."""
    answered = [event for event in own if event.type == "answered"]
    spent = {"tokens": 0, "evaluations": 0, "money": Decimal(0)}
    for at, event in enumerate(answered):
        sent = mock.sent[drawn(generator(seed, "answer", event.generation, event.tenure, event.turn))]
        assert len(sent.view.turns) == at and sent.answer.text.startswith(event.text)
        assert sent.prompt <= event.tokens_in, "a prompt that is longer than what is charged"
        if not sent.answer.tokens_in:
            assert sent.prompt == event.tokens_in
        last = at == len(answered) - 1
        assert sent.view.last == last and (sent.view.turns_left == 2) == (at == len(answered) - 2)
        assert sent.view.answer_room == sent.allowed
        if last:
            reserve = budget.last_answer
            assert sent.allowed >= reserve
            found["last turns"] += 1
        assert event.tokens_in + event.tokens_out <= budget.context
        assert event.tokens_out <= sent.allowed
        spent["tokens"] += event.tokens_in + event.tokens_out
        cost = event.tokens_in * PRICES.input + event.tokens_out * PRICES.output
        spent["money"] += cost / PRICES.per
        acted = [each for each in own if each.type == "acted" and each.turn == event.turn]
        limit = inside(sent)
        assert (len(sent.answer.text) if event.inside is None else event.inside) == limit
        expected = sum(end <= limit for end in sent.whole)
        complete = sent.answer.text[:limit].strip().endswith(("]}", "]")) and expected == len(sent.whole)
        found["actions"] += expected
        assert len(acted) == expected, "whole actions inside the allowance were lost, or others were done"
        cut = [each for each in own if each.type == "cut" and each.turn == event.turn]
        fault = [each for each in own if each.type == "fault" and each.turn == event.turn]
        found["cut answers"] += len(cut)
        found["lost turns"] += len(fault)
        found["blank endings"] += complete and event.finish_reason in ("length", "too_long")
        assert not (cut and fault) and (not cut or cut[0].whole == expected)
        assert bool(fault) == (expected == 0)
        if complete:
            assert not cut
        found["skipped"] += sum(bool(each.needs) for each in acted)
        found["silent"] += sum(not each.reply and not each.needs for each in acted)
        assert all(each.evaluations == 0 and not each.ok for each in acted if each.needs)
        spent["evaluations"] += sum(
            each.evaluations for each in own if each.type in ("acted", "judged") and each.turn == event.turn
        )
        assert (event.finish_reason != "too_long") or event.excess > 0
    ended = own[-1]
    assert ended.type == "tenure_ended" and not ended.unannounced
    assert (ended.spent.tokens, ended.spent.evaluations) == (spent["tokens"], spent["evaluations"])
    assert ended.spent.money == spent["money"] and ended.spent.turns == len(answered)
    assert spent["tokens"] <= budget.tokens and spent["evaluations"] <= budget.evaluations
    assert budget.money is None or spent["money"] <= budget.money
    found["tenures"] += 1


def drawn(rng: np.random.Generator) -> int:
    """The number by which an answer is known: the first that its turn's generator draws."""
    return int(rng.integers(2**40))
