"""Properties of printing and of the content hash, on random well-typed statements."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.errors import NotationError
from relay.notation import Scope, canonical_term, count_nodes, print_statement, read_statement
from relay.notation.syntax import NAT, SCALAR, Apply, Claim, Definition, ListType, Numeral
from tests.notation.samples import DESCRIBED, SCALARS, described_scope, level_names, unique_names, write

SCOPE = Scope(SCALARS)
SEEDS = st.integers(min_value=0, max_value=2**40)


def read(source: str) -> Definition | Claim:
    return read_statement(source, SCOPE)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_what_is_printed_reads_as_the_same_statement(seed: int) -> None:
    statement = read(write(seed))
    printed = print_statement(statement)
    again = read(printed)
    assert again == statement
    assert again.key == statement.key
    assert print_statement(again) == printed


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_renaming_whatever_is_bound_keeps_the_key(seed: int) -> None:
    one = read(write(seed, level_names, name="one"))
    other = read(write(seed, unique_names(), name="other"))
    assert one.key == other.key


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_layout_and_comments_keep_the_key(seed: int) -> None:
    source = write(seed)
    head, separator, body = source.partition(" = ") if source.startswith("define") else source.rpartition(": ")
    spread = f"{head}{separator.rstrip()}  # a comment (\n\n   {body}   # another"
    assert read(spread).key == read(source).key


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_nodes_are_those_of_the_terms(seed: int) -> None:
    statement = read(write(seed))
    terms = [statement.body]
    if isinstance(statement, Claim) and statement.hypothesis is not None:
        terms.append(statement.hypothesis)
    assert statement.nodes == sum(count_nodes(term) for term in terms)
    assert read_statement(statement.source, SCOPE, statement.nodes) == statement
    with pytest.raises(NotationError, match="term nodes"):
        read_statement(statement.source, SCOPE, statement.nodes - 1)


TOKEN = re.compile(r"[A-Za-z_]\w*|[0-9]+|\*\*|//|[=!<>]=|->|[^\s]")
CHANGES = [
    {"+", "-", "*", "/", "//", "%", "**"},
    {"==", "!=", "<", "<=", ">", ">="},
    {"and", "or"},
    {"sum", "prod", "max", "min", "first", "all", "any", "count", "len", "vector"},
    {"True", "False"},
    {"Scalar", "Nat", "Bool"},
    {"0", "1", "2", "7"},
    {"conj", "scalar"},
    {f"level_{depth}" for depth in range(9)},
]


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_any_other_change_alters_the_key(seed: int) -> None:
    random = Random(seed)
    printed = print_statement(read(write(seed)))
    head = printed.index(")")  # of the parameters
    tokens = [match for match in TOKEN.finditer(printed) if match.start() > head]
    for match in random.sample(tokens, min(6, len(tokens))):
        for family in CHANGES:
            if match.group() not in family or printed[: match.start()].endswith("for "):
                continue
            for other in sorted(family - {match.group()}):
                changed = printed[: match.start()] + other + printed[match.end() :]
                try:
                    assert read(changed).key != read(printed).key, changed
                except NotationError:
                    continue


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_printing_uses_no_bracket_in_vain(seed: int) -> None:
    loose = read(write(seed, loose=True))
    printed = print_statement(loose)
    assert printed == print_statement(read(printed))
    opened: list[int] = []
    for index, character in enumerate(printed):
        if character == "(":
            opened.append(index)
        elif character == ")":
            start = opened.pop()
            if re.search(r"\w ?$", printed[:start]) and not re.search(r"\b(and|or|not|if|else|in) $", printed[:start]):
                continue  # a call, or the parameters
            bare = printed[:start] + " " + printed[start + 1 : index] + " " + printed[index + 1 :]
            try:
                assert read(bare).key != loose.key, bare
            except NotationError:
                continue


def test_calls_count_by_what_they_call_and_not_by_its_name() -> None:
    scope = described_scope()
    trace = scope.definitions["trace"]
    renamed = read_statement(trace.source.replace("trace", "spur"), Scope(SCALARS))
    assert isinstance(renamed, Definition)
    assert renamed.key == trace.key
    wider = scope.adding(renamed)
    one = read_statement("claim (A: Matrix[n, n]): trace(A) == 0", wider)
    other = read_statement("claim (B: Matrix[k, k]): spur(B) == 0", wider)
    assert one.key == other.key
    assert one.rests_on == (("trace", trace.key),)


def test_the_own_name_means_itself_also_where_it_is_taken() -> None:
    scope = Scope(SCALARS)
    first = read_statement("define f(n: Nat) -> Nat = n + 1", scope)
    assert isinstance(first, Definition)
    again = read_statement("define f(n: Nat) -> Nat = 0 if n == 0 else f(n - 1)", scope.adding(first))
    other = read_statement("define g(n: Nat) -> Nat = 0 if n == 0 else g(n - 1)", scope)
    calling = read_statement("define g(n: Nat) -> Nat = 0 if n == 0 else f(n - 1)", scope.adding(first))
    assert again.key == other.key != calling.key
    assert again.rests_on == ()


@pytest.mark.parametrize("source", DESCRIBED)
def test_the_described_statements_print_as_they_are_written(source: str) -> None:
    printed = print_statement(read_statement(source, described_scope()))
    written = re.sub(r"\s+", " ", source).replace("matrix((1 if i == j else 0) for", "matrix(1 if i == j else 0 for")
    assert printed == written


def test_the_canonical_form_tells_types_apart() -> None:
    assert canonical_term(Numeral(1, NAT)) != canonical_term(Numeral(1, SCALAR))
    one, other = (Apply("list", (), ListType(item)) for item in (NAT, SCALAR))
    assert canonical_term(one) != canonical_term(other)


def test_keys_do_not_change() -> None:
    keys = {read_statement(source, described_scope()).key for source in DESCRIBED}
    assert len(keys) == len(DESCRIBED)
    trace = described_scope().definitions["trace"]
    assert trace.key == "c1992601a9a5c39f7fad732a8936fc9d"
