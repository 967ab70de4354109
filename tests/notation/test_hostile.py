"""Every text, however hostile, gives a statement or a `NotationError` at once."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.errors import NotationError
from relay.notation import RESERVED, Scope, fences, read_statement, rename_calls, split_statements
from relay.notation.syntax import Definition
from tests.notation.samples import SCALARS

SCOPE = Scope(SCALARS)


def nested(count: int, wrap: str, inner: str) -> str:
    for _ in range(count):
        inner = wrap.replace("_", inner)
    return inner


READ = {
    "zeros": "claim (n: Nat): n == " + "0" * 3900 + "7",
    "many items": "claim (n: Nat): len([" + "n," * 1900 + "n]) == n",
    "many parameters": "claim (" + ", ".join(f"a{index}: Nat" for index in range(250)) + "): a1 == a2",
    "brackets to the limit": "claim (n: Nat): " + "(" * 40 + "n" + ")" * 40 + " == n",
    "carriage returns": "claim (n: Nat):\r\n  n == n\r\n",
}
REFUSED = {
    "a long line": ("a" * 10**6, "characters"),
    "brackets": ("(" * 10**5, "characters"),
    "new lines": ("\n" * 10**6, "characters"),
    "brackets within the length": ("claim (n: Nat): " + "(" * 3000, "brackets nest deeper than 40"),
    "list types": ("claim (n: " + "List[" * 41 + "Nat" + "]" * 41 + "): n == n", "brackets nest deeper"),
    "not": ("claim (b: Bool): " + "not " * 900 + "b", "terms nest deeper"),
    "minus": ("claim (x: Scalar): " + "-" * 3900 + "x == x", "terms nest deeper"),
    "powers": ("claim (x: Scalar): x" + "**2" * 1300 + " == x", "terms nest deeper"),
    "choices": ("claim (b: Bool): " + "b if b else " * 300 + "b", "terms nest deeper"),
    "sums": ("claim (n: Nat): n" + "+n" * 1900 + " == n", "terms nest deeper"),
    "connectives": ("claim (b: Bool): b" + " and b" * 600, "terms nest deeper"),
    "comparisons": ("claim (n: Nat): n" + "<n" * 1900, "terms nest deeper"),
    "indices": ("claim (n: Nat): n" + "[0]" * 1200, "terms nest deeper"),
    "chains within chains": ("claim (b: Bool): " + nested(17, "(b == _ == b)", "b"), "term nodes"),
    "numerals": ("claim (n: Nat): n == " + "9" * 3900, "numerals go up to"),
    "names": ("claim (n: Nat): n == " + "x" * 3900, "unknown name"),
    "control characters": ("claim (n: Nat): \0", "U+0000"),
    "surrogates": ("claim \ud800", "U+D800"),
    "deep slip": ("claim (n: Nat): " + "sum(" * 39 + "^" + ")" * 39, "powers are written"),
}


@pytest.mark.parametrize("name", sorted(READ))
def test_large_statements_are_read(name: str) -> None:
    started = time.process_time()
    read_statement(READ[name], SCOPE)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_hostile_statements_are_refused_at_once(name: str) -> None:
    source, message = REFUSED[name]
    started = time.process_time()
    with pytest.raises(NotationError) as caught:
        read_statement(source, SCOPE)
    split_statements(source)
    fences(source)
    rename_calls(source, {"f": "g"})
    assert time.process_time() - started < 2
    assert message in caught.value.message
    assert len(caught.value.message) < 400


def test_sizes_that_double_with_every_call_are_refused() -> None:
    source = "define twice(v: Vector[n]) -> Vector[n + n] = vector(v[i // 2] for i in range(n + n))"
    twice = read_statement(source, SCOPE)
    assert isinstance(twice, Definition)
    scope = SCOPE.adding(twice)
    read_statement(f"claim (v: Vector[n]): {nested(5, 'twice(_)', 'v')} == {nested(5, 'twice(_)', 'v')}", scope)
    with pytest.raises(NotationError, match="more than 200 term nodes"):
        read_statement(f"claim (v: Vector[n]): {nested(35, 'twice(_)', 'v')} == v", scope)


WORDS = [
    *sorted(RESERVED),
    *("f", "x", "n", "A", "i", "0", "1", "2", "lambda", "def"),
    *'()[],:=+-*/%<#.!^&\n\u2264"',
    *("==", "!=", "<=", "**", "//", "->"),
]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["", "define f(n: Nat) -> Nat = ", "claim (A: Matrix[n, n], x: Scalar): "]),
    st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join) | st.text(max_size=40),
)
def test_any_text_is_a_statement_or_an_error(head: str, text: str) -> None:
    try:
        read_statement(head + text, SCOPE)
    except NotationError as error:
        lines = (head + text).split("\n")
        assert 1 <= error.line <= len(lines) + 1
        assert 1 <= error.column <= len(lines[min(error.line, len(lines)) - 1]) + 1
