"""Any text gets a verdict or a `NotationError`. The texts are random bytes, random words, and honest statements with
random changes; their number and seeds are fixed."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relay.commands.statements import statements
from relay.errors import NotationError
from relay.notation import RESERVED, fences, read_statement, split_statements
from relay.notation.syntax import Statement
from relay.scoring.examiner import Examiner
from tasks.linear_algebra import LinearAlgebra
from tests.hostile.texts import CODE, DEFINITIONS, PRELUDE, SIZES, SPELLING, WORK

ROOT = Path(__file__).resolve().parents[2]
TASK = LinearAlgebra().build(1)
EXAMINER = Examiner(TASK)
SCOPE = EXAMINER.theory.scope
HONEST = [
    *(law.source for concept in TASK.concepts for law in concept.laws),
    *(form.source.replace("define ", "define own_", 1) for concept in TASK.concepts for form in concept.forms),
    *(source for _, source in statements((ROOT / "examples" / "statements.relay").read_text(encoding="utf-8"))),
]
ANY = [*HONEST, *CODE.values(), *DEFINITIONS.values(), *SIZES.values(), *WORK.values()]
ANY += [text for text in SPELLING.values() if len(text) < 4_000]
TOKEN = re.compile(r"\w+|\s+|\*\*|//|->|[=!<>]=|.", re.DOTALL)
WORDS = [
    *sorted(RESERVED), *sorted(SCOPE.definitions)[:20], *"()[],:=+-*/%<>#.\n\\'\"`@{}~^&|?;$! \t\0",
    *("==", "!=", "<=", "**", "//", "->", "0", "1", "1000000", "1000001", "x", "A", "n", "i"),
    *("\u0445", "\ud800", "lambda"),
]  # fmt: skip
NUMERALS = ["0", "1", "2", "3", "7", "1000"]
OPERATORS = ["+", "-", "*", "/", "**", "==", "!=", "<", "<=", "//", "%"]
CHANGED = 40
FIXED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def read(text: str) -> Statement | None:
    """Read a text as a statement; None if it is none. Nothing but a well-formed `NotationError` may be raised."""
    split_statements(text)
    fences(text)
    try:
        return read_statement(text, SCOPE)
    except NotationError as error:
        assert error.line >= 1 and error.column >= 1
        assert error.message and len(error.message) < 600
        error.message.encode("utf-8")
        return None


def changed(source: str, draw: random.Random) -> str:
    """Return the statement with one to three random changes: words deleted, doubled, replaced, inserted or swapped."""
    tokens = TOKEN.findall(source)
    for _ in range(draw.randint(1, 3)):
        if not tokens:
            break
        place = draw.randrange(len(tokens))
        kind = draw.randrange(12)
        if kind >= 6:
            alike = [group for group in (tokens, NUMERALS, OPERATORS) if tokens[place] in group][-1]
            tokens[place] = draw.choice([one for one in alike if one.isspace() == tokens[place].isspace()])
        elif kind == 0:
            del tokens[place]
        elif kind == 1:
            tokens.insert(place, tokens[place])
        elif kind == 2:
            tokens[place] = draw.choice(WORDS)
        elif kind == 3:
            tokens.insert(place, draw.choice(WORDS))
        elif kind == 4:
            other = draw.randrange(len(tokens))
            tokens[place], tokens[other] = tokens[other], tokens[place]
        else:
            more = TOKEN.findall(draw.choice(ANY))
            start = draw.randrange(len(more)) if more else 0
            tokens[place:place] = more[start : start + draw.randint(1, 12)]
    return "".join(tokens)


@settings(FIXED, max_examples=300)
@given(st.binary(max_size=400))
def test_bytes(data: bytes) -> None:
    read(data.decode("latin-1"))
    read("claim (x: Scalar): " + data.decode("utf-8", errors="surrogateescape"))


@settings(FIXED, max_examples=300)
@given(st.sampled_from(["", "claim (x: Scalar): ", "define f(A: Matrix[n, n]) -> "]), st.lists(st.sampled_from(WORDS)))
def test_words(head: str, words: list[str]) -> None:
    read(head + " ".join(words))
    read(head + "".join(words))


@settings(FIXED, max_examples=1_500)
@given(st.integers(0, 2**32))
def test_changed_statements_are_read_or_refused(seed: int) -> None:
    draw = random.Random(seed)
    read(changed(draw.choice(ANY), draw))


@pytest.mark.slow
def test_changed_statements_get_a_verdict() -> None:
    """Changed laws and forms that still parse get a verdict. Most are false; no worker may fail on one."""
    draw = random.Random(20)
    judged = 0
    while judged < CHANGED:
        statement = read(changed(draw.choice(HONEST), draw))
        if statement is None:
            continue
        judged += 1
        verdict = EXAMINER.examine(statement, EXAMINER.theory.definitions).verdict
        assert verdict.message and not verdict.of_machine
        assert verdict.model_validate_json(verdict.model_dump_json()) == verdict


def test_there_is_something_to_change() -> None:
    assert len(HONEST) > 100
    draw = random.Random(1)
    found = [read(changed(draw.choice(HONEST), draw)) for _ in range(300)]
    assert 10 < sum(one is not None for one in found) < 290


def test_the_prelude_is_honest() -> None:
    assert all(text.startswith("define ") for _, text in statements(PRELUDE))
