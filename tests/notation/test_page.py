"""The committed reference page equals the generated one, and the grammar agrees with the tables of the code."""

from __future__ import annotations

import re
from pathlib import Path

from relay.notation import RESERVED
from relay.notation import __all__ as exported
from relay.notation.parse import grammar
from relay.notation.reference import reference
from relay.notation.syntax import COMPREHENSIONS
from relay.notation.terms import RULES

PAGE = Path(__file__).parents[2] / "docs" / "notation.md"


def test_the_committed_page_is_what_is_made() -> None:
    assert PAGE.read_text(encoding="ascii") == reference(), "run python -m relay.notation.reference > docs/notation.md"


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
