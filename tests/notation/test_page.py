"""The committed reference page equals the generated one, and the grammar agrees with the tables of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from relay.notation import RESERVED, parse, tables
from relay.notation import __all__ as exported
from relay.notation.reference import reference
from relay.notation.syntax import COMPREHENSIONS
from relay.notation.table_file import written
from relay.notation.tables import grammar, kept_tables, lark_of_grammar, tables_of
from relay.notation.terms import RULES

PAGE = Path(__file__).parents[2] / "docs" / "notation.md"
TABLES = Path(__file__).parents[2] / "relay" / "notation" / "tables.json"


def test_the_committed_page_is_what_is_made() -> None:
    assert PAGE.read_text(encoding="ascii") == reference(), "run python -m relay.notation.reference > docs/notation.md"


def test_the_committed_tables_are_those_of_the_grammar() -> None:
    made = tables_of(lark_of_grammar())
    told = "run python -m relay.notation.table_file > relay/notation/tables.json"
    assert TABLES.read_text(encoding="ascii") == written(made), told
    kept = kept_tables()
    assert kept is not None and written(kept) == written(made)


def test_tables_of_another_grammar_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "grammar", lambda: grammar() + "\n// changed\n")
    assert kept_tables() is None
    assert parse._driver.__wrapped__().parse("x + 1", "term") is not None


def test_the_words_of_the_grammar_are_those_that_are_reserved() -> None:
    name = re.search(r"^NAME: /\(\?!\(\?:(.*?)\)\(\?!", grammar(), re.MULTILINE)
    assert name is not None
    assert frozenset(name.group(1).split("|")) == RESERVED
    quoted = set(re.findall(r'"([A-Za-z]+)"', grammar()))
    assert quoted == RESERVED


def test_every_kind_of_term_has_a_rule() -> None:
    aliases = set(re.findall(r"-> (\w+)", grammar()))
    assert set(RULES) - {"chain"} <= aliases
    words = re.search(r"^COMPREHENSION: (.*)$", grammar(), re.MULTILINE)
    assert words is not None
    assert {*re.findall(r"\w+", words.group(1)), "list"} == set(COMPREHENSIONS)


def test_what_the_package_exports_is_sorted() -> None:
    assert list(exported) == sorted(exported, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
