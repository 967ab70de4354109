"""Every hostile text gets a verdict within its budget, in a worker that may only compute, and none is accepted.

Time is processor time as the worker measures it; memory is the largest amount that the worker has had. The worker runs
under a strict guard. Once it has checked a few honest statements, an import, code made from text, a process, a socket
or a file opened for writing would end it.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from relay.errors import NotationError
from relay.notation import Scope, fences, read_statement, read_term, rename_calls, split_statements
from relay.notation.syntax import Definition
from relay.records.task import Given
from relay.scoring.examiner import Examiner
from relay.scoring.workers import CHECKING, Guard, Workers
from tasks.linear_algebra import LinearAlgebra
from tests.hostile.texts import CODE, DEFINITIONS, NAMES, PRELUDE, SIZES, SPELLING, WORK

SECONDS = 30.0
"""Seconds of processor time: a quarter of the limit of a worker, and several times as much as any of these takes."""
STRICT = replace(CHECKING, guard=Guard.STRICT)
TRUE = {"Leibniz and Laplace"}
"""Texts that are costly to check and not false, so they may be accepted."""
HONEST = (
    "claim (A: Matrix[m, n], B: Matrix[n, m]): trace(mul(A, B)) == trace(mul(B, A))",
    "claim (A: Matrix[n, n], B: Matrix[n, n]): mul(A, B) == mul(B, A)",
    "claim (A: Matrix[n, n]) where mul(A, A) == A: det(A) == 0 or det(A) == 1",
    "claim (v: Vector[n]) where dot(v, v) != dot(v, v): v == v",
    "claim (x: Scalar): 1 / x == x",
    "claim (v: Vector[n]): any(dot(v, w) == 0 for w in Vector[n])",
    "claim (k: Nat) where k > 7: k == 9",
    "claim (L: List[Scalar]): len(L + L) == 2 * len(L)",
    "define square(A: Matrix[n, n]) -> Matrix[n, n] = mul(A, A)",
    "define turned(A: Matrix[m, n]) -> Matrix[n, m] = matrix(A[j, i] for i in range(n) for j in range(m))",
    "claim (x: Scalar): x ** == x",
    "claim (x: Scalar): lambda x: x",
)


@cache
def setting() -> tuple[Examiner, Scope, dict[str, Definition]]:
    """Returns what the worker needs for all attempts; called once in it."""
    with suppress(NotationError):  # Lark, which says what is wrong, is made at the first wrong text
        read_term("x **", Scope(Given(scalars=True)))
    task = LinearAlgebra(brief="problems").build(1)
    scope, definitions = Scope(task.given), dict[str, Definition]()
    for located in split_statements(PRELUDE):
        definition = read_statement(located.source, scope)
        assert isinstance(definition, Definition)
        scope = scope.adding(definition)
        definitions[definition.key] = definition
    return Examiner(task), scope, definitions


def attempt(text: str) -> tuple[str, str, float, int]:
    """Returns the status and message of a text, the seconds that it took, and the most bytes that the process has
    had."""
    examiner, scope, definitions = setting()
    begun = time.process_time()
    split_statements(text)
    fences(text)
    rename_calls(text, {"f": "g"})
    try:
        statement = read_statement(text, scope, examiner.theory.task.statement_size * 100)
    except NotationError as error:
        status, message = "ill_formed", str(error)
    else:
        verdict = examiner.examine(statement, definitions).verdict
        assert not verdict.of_machine, verdict.message
        status, message = verdict.status.value, verdict.message
    unit = 1 if sys.platform == "darwin" else 1024
    return status, message, time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


Attempt = Callable[[str], tuple[str, str, float, int]]


@pytest.fixture(scope="module")
def worker() -> Iterator[Attempt]:
    """Returns a function that attempts a text. All texts are attempted in one worker."""
    pool = Workers(1)
    with asyncio.Runner() as runner:
        pool.prepare(setting)
        for text in HONEST:
            assert runner.run(pool.run(attempt, text, limits=CHECKING))[0]
        yield lambda text: runner.run(pool.run(attempt, text, limits=STRICT))
        pool.close()


def tried(worker: Attempt, text: str) -> tuple[str, str]:
    status, message, seconds, peak = worker(text)
    assert seconds < SECONDS
    assert CHECKING.memory is not None and peak < CHECKING.memory
    assert len(message) < 5_000
    return status, message


def cases(texts: dict[str, str]) -> Any:
    return pytest.mark.parametrize("name", sorted(texts))


@cases(CODE)
def test_code_is_no_statement(worker: Attempt, name: str) -> None:
    status, message = tried(worker, CODE[name])
    assert status == "ill_formed"
    assert message.startswith("line ")


@cases(SPELLING)
def test_what_can_not_be_read_is_refused(worker: Attempt, name: str) -> None:
    status, message = tried(worker, SPELLING[name])
    assert status == "ill_formed"
    assert message.isprintable() and message.isascii()


@cases(NAMES)
def test_names_mean_nothing_of_pythons(worker: Attempt, name: str) -> None:
    assert tried(worker, NAMES[name])[0] in ("defined", "refuted", "ill_formed")


@cases(SIZES)
def test_huge_sizes_are_not_made(worker: Attempt, name: str) -> None:
    assert tried(worker, SIZES[name])[0] not in ("proved", "holds")


@cases(WORK)
def test_endless_work_comes_to_an_end(worker: Attempt, name: str) -> None:
    status, _ = tried(worker, WORK[name])
    assert status not in ("proved", "holds") or name in TRUE


@cases(DEFINITIONS)
def test_hostile_definitions_are_defined_or_refused(worker: Attempt, name: str) -> None:
    assert tried(worker, DEFINITIONS[name])[0] in ("defined", "ill_formed")


def test_there_are_enough_of_them() -> None:
    texts = [
        *CODE.values(),
        *SPELLING.values(),
        *NAMES.values(),
        *SIZES.values(),
        *WORK.values(),
        *DEFINITIONS.values(),
    ]
    assert len(set(texts)) == len(texts) >= 150
