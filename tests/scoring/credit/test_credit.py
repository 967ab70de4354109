"""A definition is credited if it agrees with a form on the form's domain, and only then."""

from __future__ import annotations

import pytest

from tests.scoring.credit.hidden import EARNS, NOTHING, examine


@pytest.mark.parametrize("name", sorted(EARNS))
def test_a_form_in_other_words_earns_its_concept(name: str) -> None:
    assert examine(EARNS[name]).concepts == (name.partition(":")[0],)


@pytest.mark.parametrize("name", sorted(NOTHING))
def test_what_only_looks_like_a_form_earns_nothing(name: str) -> None:
    assert examine(NOTHING[name]).concepts == ()
