"""The judge: its calls to workers, its memory and its cache, and that none of these changes a result."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from relay.checker.checker import Checker
from relay.checker.matching import Agreement
from relay.checker.phenomena import Behaviour
from relay.checker.seen import seen_signature
from relay.checker.verdict import Verdict, by_machine, without_memory
from relay.errors import UsageError, WorkerFault
from relay.notation import Scope, read_match, read_statement, read_term
from relay.notation.syntax import Claim, Definition, Statement
from relay.records.status import Status
from relay.records.task import Task
from relay.scoring.cache import Cache
from relay.scoring.examiner import Examination
from relay.scoring.fingerprint import MODULES, ROOMS, fingerprint
from relay.scoring.judge import PooledJudge, Price, PublicValue
from relay.scoring.workers import Workers
from tasks.files import TaskFile

COUNTING = TaskFile(path=str(Path(__file__).resolve().parents[2] / "examples" / "counting.yaml")).build(1)
TWICE = "define twice(x: Hour) -> Hour = plus(x, x)"
LINES = (
    "claim (x: Hour): twice(twice(x)) == x",
    "claim (x: Hour, y: Hour): twice(plus(x, y)) == plus(twice(x), twice(y))",
    "claim (z: Hour): twice(twice(z)) == z",
    "define again(x: Hour) -> Hour = twice(twice(x))",
)


def read(*sources: str) -> tuple[list[Statement], dict[str, Definition]]:
    scope, definitions = Scope(COUNTING.given), dict[str, Definition]()
    found: list[Statement] = []
    for source in sources:
        statement = read_statement(source, scope)
        found.append(statement)
        if isinstance(statement, Definition):
            scope = scope.adding(statement)
            definitions[statement.key] = statement
    return found, definitions


def examined(
    judge: PooledJudge, statement: Statement, known: Mapping[str, Definition], credit: bool = True
) -> Examination:
    """Results of a judge without workers."""
    return asyncio.run(judge.examine(statement, known, credit=credit))


async def all_examined(
    count: int,
    task: Task,
    asked: Sequence[Statement],
    known: Mapping[str, Definition],
    cache: Cache | None = None,
    how: Callable[..., None] | None = None,
) -> list[Examination]:
    """Results of a judge with `count` workers and concurrent calls; `how` replaces the checker in them."""
    async with Workers(count) as workers:
        if how is not None:
            workers.prepare(sabotage, how)
        judge = PooledJudge(workers, task, cache)
        return await asyncio.gather(*(judge.examine(statement, known) for statement in asked))


def dying(self: object, claim: Claim, definitions: object) -> None:
    """Stands in for the checker, in this process, when no memory is left."""
    raise MemoryError


def forget_everything(judge: PooledJudge) -> None:
    judge._known.clear()


@pytest.fixture
def statements() -> tuple[list[Statement], dict[str, Definition]]:
    return read(TWICE, *LINES)


def test_workers_and_cache_give_the_same_answer(
    tmp_path: Path, statements: tuple[list[Statement], dict[str, Definition]]
) -> None:
    lines, known = statements
    answers: list[list[str]] = []
    for count, directory in ((0, None), (0, tmp_path), (1, tmp_path), (2, None), (0, tmp_path)):
        with Cache(tmp_path / "other" if directory is None else directory) as cache:
            asked = (*lines, *reversed(lines))
            found = asyncio.run(all_examined(count, COUNTING, asked, known, cache if directory else None))
            answers.append([one.model_dump_json() for one in found])
            if directory and len(answers) > 2:
                assert (cache.hits, cache.misses) == (2 * len(lines), 0)
    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0])) == len(lines)


def test_the_authors_own_names_are_told(tmp_path: Path) -> None:
    """Two spellings with one key: the result for the first is not used for the second."""
    (_, first, _, second, _), known = read(TWICE, *LINES)
    assert first.key == second.key
    with Cache(tmp_path) as cache:
        judge = PooledJudge(Workers(0), COUNTING, cache)
        assert "x = " in examined(judge, first, known).verdict.message
        forget_everything(judge)
        assert "z = " in examined(judge, second, known).verdict.message


def test_a_verdict_does_not_depend_on_what_is_hidden(
    tmp_path: Path, statements: tuple[list[Statement], dict[str, Definition]]
) -> None:
    """If the task gets another concept, credit is computed again, but verdicts are not."""
    lines, known = statements
    other = COUNTING.model_copy(update={"concepts": COUNTING.concepts[:1], "phenomena": ()})
    workers = Workers(0)
    with Cache(tmp_path) as cache:
        double = examined(PooledJudge(workers, COUNTING, cache), lines[0], known)
    with Cache(tmp_path) as cache:
        examined(PooledJudge(workers, other, cache), lines[0], known, credit=False)
        assert (cache.hits, cache.misses) == (1, 0)
        examined(PooledJudge(workers, other, cache), lines[0], known)
        assert (cache.hits, cache.misses) == (2, 1)
    assert double.concepts == ("double",)


def test_a_change_of_the_given_asks_again(
    tmp_path: Path, statements: tuple[list[Statement], dict[str, Definition]]
) -> None:
    lines, known = statements
    (plus,) = COUNTING.given.operations
    table = ((1, *plus.table[0][1:]), *plus.table[1:])
    given = COUNTING.given.model_copy(update={"operations": (plus.model_copy(update={"table": table}),)})
    changed = Task(**{**dict(COUNTING), "given": given})
    workers = Workers(0)
    with Cache(tmp_path) as cache:
        before = examined(PooledJudge(workers, COUNTING, cache), lines[2], known, credit=False)
    with Cache(tmp_path) as cache:
        after = examined(PooledJudge(workers, changed, cache), lines[2], known, credit=False)
        assert cache.hits == 0
    assert before.verdict.status is Status.PROVED and after.verdict.status is Status.REFUTED


def test_another_checker_asks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statements: tuple[list[Statement], dict[str, Definition]]
) -> None:
    lines, known = statements
    workers = Workers(0)
    with Cache(tmp_path) as cache:
        examined(PooledJudge(workers, COUNTING, cache), lines[1], known)
    before = fingerprint()
    fingerprint.cache_clear()
    monkeypatch.setattr("relay.scoring.fingerprint.CHECKER", -1)
    try:
        assert fingerprint() != before
        with Cache(tmp_path) as cache:
            examined(PooledJudge(workers, COUNTING, cache), lines[1], known)
            assert cache.hits == 0
    finally:
        fingerprint.cache_clear()


def test_the_fingerprint_reads_the_code() -> None:
    fingerprint.cache_clear()
    first = fingerprint()
    fingerprint.cache_clear()
    assert fingerprint() == first and len(first) == 64
    path = Path(__file__).resolve().parents[2] / "relay" / "checker" / "fingerprint_test_file.py"
    path.write_text("# something else\n")
    try:
        fingerprint.cache_clear()
        assert fingerprint() != first
    finally:
        path.unlink()
        fingerprint.cache_clear()


def test_the_fingerprint_covers_all_that_the_examiner_imports() -> None:
    asked = "import sys, relay.scoring.examiner; print(*(name for name in sys.modules if name.startswith('relay.')))"
    imported = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert {name.split(".")[1] for name in imported} == {*ROOMS, *(name.removesuffix(".py") for name in MODULES)}


def test_what_befell_the_machine_is_told_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statements: tuple[list[Statement], dict[str, Definition]]
) -> None:
    lines, known = statements
    with Cache(tmp_path) as cache:
        judge = PooledJudge(Workers(0), COUNTING, cache)
        with monkeypatch.context() as patch:
            patch.setattr(Checker, "_judge_claim", dying)
            found = examined(judge, lines[1], known)
        assert found.verdict == without_memory()
        assert found.verdict.status is Status.UNDECIDED and found.verdict.of_machine
        assert "out of memory" in found.verdict.message
        assert examined(judge, lines[1], known).verdict.status is Status.REFUTED


def broken(self: object, claim: Claim, definitions: object) -> None:
    raise KeyError("a fault")


def test_a_fault_of_the_checker_costs_one_statement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statements: tuple[list[Statement], dict[str, Definition]]
) -> None:
    lines, known = statements
    with Cache(tmp_path) as cache:
        judge = PooledJudge(Workers(0), COUNTING, cache)
        with monkeypatch.context() as patch:
            patch.setattr(Checker, "_judge_claim", broken)
            found = examined(judge, lines[1], known)
        assert found.verdict.of_machine and "KeyError" in found.verdict.message
        assert examined(judge, lines[1], known).verdict.status is Status.REFUTED


def crash(self: object, claim: Claim, definitions: object) -> None:
    signal.raise_signal(signal.SIGSEGV)


def fill(self: object, claim: Claim, definitions: object) -> None:
    np.ones(1 << 30)


def reach_out(self: object, claim: Claim, definitions: object) -> None:
    Path("written-by-a-check").write_text("x")


def sabotage(how: Callable[..., None]) -> None:
    """In a worker: replace the checker from now on."""
    Checker._judge_claim = how  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize(
    ("how", "verdict"),
    [
        (crash, by_machine("crashed with signal 11 (SIGSEGV)")),
        pytest.param(
            fill, without_memory(), marks=pytest.mark.skipif(sys.platform != "linux", reason="limited on Linux only")
        ),
        (reach_out, by_machine("stopped: it tried open written-by-a-check")),
    ],
)
def test_a_worker_that_dies_leaves_its_statement_undecided(
    tmp_path: Path,
    statements: tuple[list[Statement], dict[str, Definition]],
    how: Callable[..., None],
    verdict: Verdict,
) -> None:
    (definition, *lines), known = statements
    with Cache(tmp_path) as cache:
        asked = (lines[0], definition, lines[1])
        found = asyncio.run(all_examined(1, COUNTING, asked, known, cache, how))
        assert found[0].verdict == found[2].verdict == verdict and verdict.of_machine
        assert found[1].concepts == ("double",)  # the other statements are not lost
        assert not Path("written-by-a-check").exists()
        judge = PooledJudge(Workers(0), COUNTING, cache)  # failures were not cached
        assert examined(judge, lines[0], known).verdict.status is Status.REFUTED
        assert examined(judge, definition, known) == found[1] and cache.hits == 2


def test_a_task_that_does_not_hold_together_is_told() -> None:
    (_, claim, *_), known = read(TWICE, *LINES)
    torn = COUNTING.model_copy(
        update={"concepts": (COUNTING.concepts[0].model_copy(update={"prerequisites": ("nothing",)}),)}
    )
    for count in (0, 1):
        with pytest.raises(UsageError, match="nothing"):
            asyncio.run(all_examined(count, torn, [claim], known))


@pytest.mark.parametrize("count", [0, 1])
def test_terms_are_valued(count: int) -> None:
    scope = Scope(COUNTING.given)
    term = read_term("count(twice(x) == x for x in Hour)", scope.adding(read(TWICE)[0][0]))  # type: ignore[arg-type]

    async def use() -> str:
        async with Workers(count) as workers:
            return (await PooledJudge(workers, COUNTING).evaluate(term, read(TWICE)[1])).text

    assert asyncio.run(use()) == "1"


def test_values_are_kept_by_what_they_are_functions_of(tmp_path: Path) -> None:
    (twice, *_), known = read(TWICE)
    other = read("define twice(x: Hour) -> Hour = x")[0][0]
    named = Scope(COUNTING.given)
    asked = [("twice(x) == x", twice), ("twice(y) == y", twice), ("twice(x) == x", other)]

    async def use(judge: PooledJudge, body: str, meant: Statement) -> str:
        assert isinstance(meant, Definition)
        term = read_term(f"count({body} for {body[6]} in Hour)", named.adding(meant))
        return (await judge.evaluate(term, {**known, meant.key: meant})).text

    workers = Workers(0)
    with Cache(tmp_path) as cache:
        first = PooledJudge(workers, COUNTING, cache)
        values = [asyncio.run(use(first, *one)) for one in asked]
        assert values[0] == values[1] != values[2] and (cache.hits, cache.misses) == (0, 3)
        again = [asyncio.run(use(first, *one)) for one in asked]
        assert again == values and (cache.hits, cache.misses) == (0, 3)  # in memory
    with Cache(tmp_path) as cache:
        judge = PooledJudge(workers, COUNTING, cache)
        assert [asyncio.run(use(judge, *one)) for one in asked] == values
        assert cache.hits == 3
        larger = COUNTING.model_copy(update={"brief": "Another."})  # values do not depend on it
        assert asyncio.run(use(PooledJudge(workers, larger, cache), *asked[0])) == values[0] and cache.hits == 4


@pytest.mark.parametrize("count", [0, 1])
def test_terms_are_matched_and_kept(tmp_path: Path, count: int) -> None:
    shown = COUNTING.phenomena[0]
    seen = {1: seen_signature(Behaviour(shown, COUNTING.given), 0)}
    scope = Scope(COUNTING.given, {"twice": read(TWICE)[0][0]}, seen)  # type: ignore[dict-item]
    names = ", ".join(f"x{place}: {type}" for place, type in enumerate(shown.parameters))
    arguments = ", ".join(f"x{place}" for place in range(len(shown.parameters)))
    same = read_match(f"({names}): seen(1, {arguments})", scope)

    async def use(cache: Cache) -> None:
        async with Workers(count) as workers:
            judge = PooledJudge(workers, COUNTING, cache)
            found = await judge.match(same, {})
            assert not found.failed and await judge.price("match", same, {}, 9) == Price()
            assert found.matched.agreements[0] == Agreement(id=shown.id, agreed=len(shown.rows), points=len(shown.rows))
            twice = await judge.match(read_match("twice", scope), read(TWICE)[1])
            assert twice == found  # it is what the phenomenon shows
            other = await judge.match(read_match("(x: Hour): x", scope), {})
            assert other.matched.agreements[0].agreed < len(shown.rows)
            value = await judge.evaluate(read_term(f"[seen(1, {arguments}) for x0 in Hour]", scope), {})
            assert "[" in value.text

    with Cache(tmp_path) as cache:
        asyncio.run(use(cache))
        assert (cache.hits, cache.misses) == (0, 4)
    with Cache(tmp_path) as cache:
        asyncio.run(use(cache))
        assert (cache.hits, cache.misses) == (4, 0)


def test_a_match_that_no_worker_came_to_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    term = read_match("(x: Hour): x", Scope(COUNTING.given))

    async def dead(self: Workers, *args: object, **options: object) -> str:
        raise WorkerFault("gone", cause="killed")

    async def use(cache: Cache) -> None:
        async with Workers(1) as workers:
            judge = PooledJudge(workers, COUNTING, cache)
            with monkeypatch.context() as broken:
                broken.setattr(Workers, "run", dead)
                assert (await judge.match(term, {})).failed == "nothing was found (its process failed: killed)"
            assert not (await judge.match(term, {})).failed

    with Cache(tmp_path) as cache:
        asyncio.run(use(cache))


def test_a_value_that_no_worker_came_to_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    term = read_term("count(x == x for x in Hour)", Scope(COUNTING.given))

    async def dead(self: Workers, *args: object, **options: object) -> str:
        raise WorkerFault("gone", cause="killed")

    async def use(cache: Cache) -> None:
        async with Workers(1) as workers:
            judge = PooledJudge(workers, COUNTING, cache)
            with monkeypatch.context() as broken:
                broken.setattr(Workers, "run", dead)
                none = await judge.evaluate(term, {})
                assert none == PublicValue(text="no value (its process failed: killed)", by_machine=True)
            found = await judge.evaluate(term, {})
            assert found.text == "5" and not found.by_machine

    with Cache(tmp_path) as cache:
        asyncio.run(use(cache))
