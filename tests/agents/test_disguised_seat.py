"""A person in disguise reads no word that betrays the field, and is judged as without disguise."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from agents.human.forms import ActionForm, Mistyped
from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.records.events import Answered, Judged
from relay.researcher.disguise import Disguise
from relay.scoring.cache import Cache
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.setup import TrialSetup, task_of
from relay.trial.trial import run_trial
from tests.agents.terminal import CLEARED, Terminal
from tests.agents.test_disguised import BETRAYING, CLAIMS, MALFORMED, SEED, VALUES, file, logged, plainly
from tests.notation.samples import DESCRIBED
from tests.notation.test_errors import HEAD, STATEMENTS, TERMS

Sit = Callable[[Path, Condition, Sequence[str]], str]


def seat(task: Any, seed: int | None, **options: Any) -> tuple[Condition, Disguise]:
    """A trial with a person in it, and that person's disguise."""
    budget = Budget(turns=60, tokens=100_000_000, context=10_000_000, evaluations=10_000)
    agent = {"name": "human", "parameters": {"disguise": seed}}
    condition = resolve_condition(task, agent=agent, **{"generations": 2, "seed": 3, "budget": budget, **options})
    return condition, TrialSetup.of(condition, task_of(condition)).disguise


@pytest.fixture
def sit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Sit]:
    """Run a trial with these lines typed, and return the output."""
    with Cache(tmp_path / "cache") as cache:

        def sat(where: Path, condition: Condition, lines: Sequence[str]) -> str:
            typed = where.with_suffix(".typed")
            typed.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
            with typed.open() as stdin:
                monkeypatch.setattr(sys, "stdin", stdin)
                asyncio.run(run_trial(condition, where, cache=cache))
            return capsys.readouterr().err

        yield sat


def lines_of(sources: Sequence[str]) -> Iterator[str]:
    """Statements as typed lines, several per turn. The empty line that sends a turn also discards an unfinished one."""
    for at in range(0, len(sources), 12):
        yield from ("\n".join(sources[at : at + 12]), "", "")


def typed(brief: str) -> list[str]:
    """Everything that a person may type, in true words, both valid and invalid."""
    slips = [source for source, *_ in STATEMENTS] + [HEAD + term for term, *_ in TERMS]
    asides = ("help", "notation", "task", "notes", "left", "undo", "Matrix", "Vector is one", "x" * 50)
    remarks = {"trace": "Matrix", "mul": "GF", "minor": "conj", "det": "vectors"}
    long = f"open {'1' * 30} Matrix {'1' * 4000}", f"{'a' * 35}(Matrix", f"{'a' * 36}+Scalar"
    first = [
        *lines_of(DESCRIBED),
        *lines_of(CLAIMS if brief == "blind" else CLAIMS[:3]),
        *lines_of(slips),
        *(f"= {term}" for term in VALUES), "",
        *MALFORMED, *asides, *long,
        *(f"record {name} remark: the {word} of use" for name, word in remarks.items()),
        "strike", "Vector", ".", "",
    ]  # fmt: skip
    return ["", *first, "end", "", *(f"open 1.1.{number}" for number in range(1, 9)), "", *asides, "end"]


@pytest.mark.slow
@pytest.mark.parametrize("brief", ["blind", "problems"])
def test_no_word_on_the_screen_betrays_the_field(tmp_path: Path, sit: Sit, brief: str) -> None:
    task = file(tmp_path, brief)
    shown, found = {}, {}
    for seed in (None, SEED):
        condition, disguise = seat(task, seed, schemes=Schemes(notes="ledger(cap=300)", memory="immortal"))
        shown[seed] = sit(tmp_path / str(seed), condition, [disguise.swap(line) for line in typed(brief)])
        found[seed] = logged(tmp_path / str(seed))
    assert plainly(found[None]) == plainly(found[SEED])
    assert not {word[0] for word in BETRAYING.finditer(shown[SEED])}
    assert BETRAYING.search(shown[None]) and len([event for event in found[SEED] if isinstance(event, Judged)]) > 20


@pytest.mark.slow
def test_in_disguise_at_a_terminal(tmp_path: Path) -> None:
    """No text above the chair names the task, and typed text is translated back to true words."""
    task = "alien(q=3, layers=2, width=1)"
    _, disguise = seat(task, SEED)
    name = disguise.pairs["Element"]
    small = ("--agent", "human", "--disguise", str(SEED), "--seed", "3", "-g", "1", "--workers", "0", "--no-cache")
    with Terminal("-m", "relay", "run", task, *small, "--out", tmp_path / "trial") as screen:
        screen.wait("Press Enter to begin")
        screen.enter("")
        screen.ready()
        before, _, seen = screen.raw.partition(CLEARED)
        assert "alien" in before and "The chair" not in before and name in seen and "Element" not in seen
        screen.enter(f"define idle(x: {name}) -> {name} = x", "= idle(Element)", "")
        screen.wait(f"defined: idle(x: {name}) -> {name}.")
        screen.wait("unknown name `Element`")
        screen.ready()
        screen.enter("Element", "end")
        screen.wait("`Element` is no action or command")
        screen.wait("of 2 concepts")
        assert screen.close() == 0
    texts = [event.text for event in logged(tmp_path / "trial") if isinstance(event, Answered)]
    assert "define idle(x: Element) -> Element = x" in texts[0] and f"idle({name})" in texts[0]


@pytest.mark.parametrize("schema", [{"enum": ["a"]}, {"type": "boolean"}])
def test_a_mistake_quotes_no_half_of_a_word(schema: dict[str, Any]) -> None:
    with pytest.raises(Mistyped) as mistake:
        ActionForm("put", {"field": schema}).value("field", f"{'1 ' * 18}Matrix")
    assert "1 ...." in str(mistake.value) and "Mat" not in str(mistake.value)
