"""Statements in files and in free text, and renaming of what they call."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.errors import NotationError
from relay.notation import Scope, fences, mentioned_names, read_statement, rename_calls, split_statements
from relay.notation.syntax import Definition
from tests.notation.samples import DESCRIBED, SCALARS, described_scope


def test_statements_of_a_file_with_their_lines() -> None:
    text = "# a file\n\n" + "\n# between\n".join(DESCRIBED) + "\n\n# end\n"
    statements = split_statements(text)
    assert [statement.source for statement in statements] == list(DESCRIBED)
    lines = text.split("\n")
    assert all(lines[statement.line - 1] == statement.source.split("\n")[0] for statement in statements)


def test_a_broken_statement_spoils_itself_only() -> None:
    text = (
        "define f(x: Nat) -> Nat = sum(x for i in (range(x)\n"
        "define g(x: Nat) -> Nat =  # twice\n\n  x + x\n"
        "some prose\n"
        "claim (x: Nat): g(x) == (x\n  # inside\n\n  + x)\n"
    )
    statements = split_statements(text)
    assert [(found.line, found.source.split("\n")[0]) for found in statements] == [
        (1, "define f(x: Nat) -> Nat = sum(x for i in (range(x)"),
        (2, "define g(x: Nat) -> Nat =  # twice"),
        (5, "some prose"),
        (6, "claim (x: Nat): g(x) == (x"),
    ]
    scope = Scope(SCALARS)
    with pytest.raises(NotationError):
        read_statement(statements[0].source, scope)
    twice = read_statement(statements[1].source, scope)
    assert isinstance(twice, Definition)
    assert read_statement(statements[3].source, scope.adding(twice)).rests_on == (("g", twice.key),)


def test_positions_count_within_the_statement() -> None:
    with pytest.raises(NotationError) as caught:
        read_statement("\n# first\nclaim (x: Nat):\n    x == yy", Scope(SCALARS))
    assert (caught.value.line, caught.value.column) == (4, 10)


def test_only_marked_fences_are_found() -> None:
    text = (
        "prose\n```relay\nfirst\n```\n```python\n```relay\n```\n"
        "  ````relay extra\nsecond\n```\n````\n```\nthird\n```\n~~~\n```relay\n~~~\n"
    )
    found = fences(text)
    assert [fence.body for fence in found] == ["first\n", "second\n```\n"]
    assert all(text[fence.start : fence.end] == fence.body for fence in found)


def test_a_fence_that_is_never_closed_goes_on_to_the_end() -> None:
    assert [fence.body for fence in fences("```relay\nclaim (): True")] == ["claim (): True"]
    assert [fence.body for fence in fences("```relay")] == [""]


@given(st.text(alphabet="`~relay \n\r\u2028x", max_size=80))
def test_fences_are_slices_in_order(text: str) -> None:
    end = 0
    for fence in fences(text):
        assert text[fence.start : fence.end] == fence.body
        assert end <= fence.start <= fence.end <= len(text)
        end = fence.end


@given(st.text(alphabet="()[]=:# \ndefineclaimx", max_size=80))
def test_splitting_keeps_every_line_of_code(text: str) -> None:
    lines = text.split("\n")
    for found in split_statements(text):
        size = found.source.count("\n") + 1
        assert found.source == "\n".join(lines[found.line - 1 : found.line - 1 + size]).rstrip()
        lines[found.line - 1 : found.line - 1 + size] = [""] * size
    assert all(not line.partition("#")[0].strip() for line in lines)


def test_only_what_is_called_is_renamed() -> None:
    source = "define f(g: Nat) -> Nat = f(g - 1) + g * h (g) + ff(g)  # f(x) stays"
    renamed = rename_calls(source, {"f": "f_2", "g": "no", "h": "k"})
    assert renamed == "define f_2(g: Nat) -> Nat = f_2(g - 1) + g * k (g) + ff(g)  # f(x) stays"
    assert rename_calls("claim f (x: Nat): f(x) == x", {"f": "f_2"}) == "claim f (x: Nat): f_2(x) == x"


def test_what_is_passed_on_as_a_function_is_renamed_and_variables_of_that_name_are_not() -> None:
    names = {"f": "f_2", "g": "no", "n": "k", "h": "h_2"}
    source = "claim (g: Nat, v: Vector[n]): at(f, g) == sum(h for h in [n]) + at(h_1, g)  # f and n"
    assert rename_calls(source, names) == source.replace("at(f,", "at(f_2,")
    two = "claim (f: Nat): at(g, f) == 0\ndefine g(x: Nat) -> Nat = at(f, x) + h(h)"
    assert (
        rename_calls(two, names) == "claim (f: Nat): at(no, f) == 0\ndefine no(x: Nat) -> Nat = at(f_2, x) + h_2(h_2)"
    )
    assert mentioned_names(source) == {"at", "f", "h_1"}


def test_a_parameter_hides_a_definition_from_renaming() -> None:
    names = {"f": "f_2", "g": "g_2"}
    hidden = "define h(f: Fn[Nat, Nat], x: Nat) -> Nat = f(g(x))"
    assert rename_calls(hidden, names) == hidden.replace("g(", "g_2(")
    assert mentioned_names(hidden) == {"h", "g"}
    # what stands before the colon of a claim is no parameter
    claim = "claim (h: Fn[Nat, Nat]) where h == f: f(0) == 0"
    assert rename_calls(claim, names) == "claim (h: Fn[Nat, Nat]) where h == f_2: f_2(0) == 0"


def test_a_new_name_is_never_captured() -> None:
    source = "define h(f: Fn[Nat, Nat], v: Vector[n]) -> Nat = sum(f(k) for k in [g(n)])  # f"
    assert rename_calls(source, {"g": "f"}) == source.replace("g(", "f(").replace("f:", "f_2:").replace("f(k", "f_2(k")
    assert rename_calls(source, {"g": "k"}) == source.replace("f(k) for k", "f(k_2) for k_2").replace("g(", "k(")
    assert rename_calls(source, {"g": "n"}) == source.replace("Vector[n]", "Vector[n_2]").replace("g(n)", "n(n_2)")
    taken = "define h(f: Nat, f_2: Nat) -> Nat = g(f)"
    assert rename_calls(taken, {"g": "f"}) == "define h(f_3: Nat, f_2: Nat) -> Nat = f(f_3)"


def test_renaming_keeps_the_key() -> None:
    scope = described_scope()
    det = scope.definitions["det"]
    minor = read_statement(rename_calls(scope.definitions["minor"].source, {"minor": "cut"}), Scope(SCALARS))
    assert isinstance(minor, Definition)
    again = read_statement(rename_calls(det.source, {"det": "volume", "minor": "cut"}), Scope(SCALARS).adding(minor))
    assert again.key == det.key
