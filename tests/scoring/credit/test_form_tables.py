"""Forms are found by their tables exactly where comparing them one by one finds them."""

from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
import pytest

from relay.evaluation.algebra.structure import structure_of
from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.task import Concept, Form, Given, Operation, Sort, Task
from relay.scoring.credit.agreement import agrees
from relay.scoring.credit.form_tables import FormTables, table_of
from relay.scoring.credit.recognition import ConceptRecogniser
from relay.scoring.credit.signatures import orders, signature
from relay.scoring.theory import Theory

GIVEN = Given(
    sorts=(Sort(name="E", size=4), Sort(name="T", size=2)),
    operations=(
        Operation(
            name="f", parameters=("E", "E"), result="E", table=((1, 2, 2, 3), (0, 1, 2, 2), (3, 1, 3, 2), (2, 0, 1, 3))
        ),
        Operation(name="t", parameters=("E",), result="T", table=(0, 1, 1, 0)),
    ),
)


def concept(id: str, *sources: str, **form: str) -> Concept:
    return Concept(id=id, forms=tuple(Form(source=f"define {source}", **form) for source in sources))


TASK = Task(
    name="forms",
    parameters={},
    brief="",
    given=GIVEN,
    statement_size=20,
    concepts=(
        concept("plain", "plain(x: E, y: E) -> E = f(f(x, y), y)"),
        concept("same", "same(x: E, y: E) -> E = f(f(y, x), x)"),
        concept("partial", "partial(x: E, y: E) -> E = first(z for z in E if f(z, x) == y)"),
        concept("bounded", "bounded(x: E, y: E) -> E = f(x, x)", domain="x == y"),
        concept("predicate", "predicate(x: E, y: E) -> Bool = f(x, y) == f(y, x)"),
        concept("always", "always(x: E, y: E) -> Bool = x == x"),
        concept("counted", "counted(x: E) -> Nat = count(f(x, y) == y for y in E)"),
        concept(
            "other", "other(x: E, u: T) -> T = t(x) if t(x) == u else u", "further(x: E, u: T) -> Bool = t(x) == u"
        ),
    ),
)


@pytest.fixture(scope="module")
def theory() -> Theory:
    return Theory.read(TASK)


def one_by_one(theory: Theory, definition: Definition) -> tuple[str, ...]:
    """The concepts of a definition, by comparing it with each form."""
    known = {definition.key: definition, **theory.definitions}
    return tuple(
        sorted(
            {
                form.concept
                for order, text in orders(definition)
                for form in theory.forms
                if signature(form.definition.parameters, form.definition.result) == text
                and agrees(definition, order, form, known, structure_of(GIVEN))
            }
        )
    )


def test_a_definition_is_a_form_by_its_table_if_it_is_one_by_comparison(theory: Theory) -> None:
    recogniser, scope = ConceptRecogniser(theory), Scope(GIVEN)
    found: set[str] = set()
    random = Random(1)
    leaves = ["x", "y", "f(x, y)", "f(y, x)", "f(x, x)"]
    terms = [f"f({s}, {t})" for s, t in product(leaves, leaves)]
    sources = [f"d(x: E, y: E) -> E = {term}" for term in terms]
    sources += [f"d(x: E, y: E) -> E = first(z for z in E if f(z, {s}) == {t})" for s, t in product("xy", leaves)]
    sources += [f"d(x: E, y: E) -> E = first(z for z in E if z == {term})" for term in terms]
    sources += [f"d(x: E, y: E) -> Bool = {s} == {t}" for s, t in product(leaves, leaves)]
    sources += [
        f"d(u: T, x: E) -> {sort}" for sort in ("T = u if t(x) != u else t(x)", "Bool = not t(x) != u", "T = u")
    ]
    sources += [f"d(x: E) -> Nat = count({s} == y for y in E)" for s in ("f(x, y)", "f(y, x)", "f(f(x, y), y)")]
    sources += [f"d(x: E) -> Nat = {number}" for number in range(3)]
    random.shuffle(sources)
    for source in sources:
        definition = read_statement(f"define {source}", scope)
        assert isinstance(definition, Definition)
        concepts = recogniser.concepts(definition, {definition.key: definition})
        assert concepts == one_by_one(theory, definition), source
        found |= set(concepts)
    assert found == {concept.id for concept in TASK.concepts}


def test_only_forms_that_count_everywhere_have_tables(theory: Theory) -> None:
    tables = FormTables(theory.forms, theory.definitions, structure_of(GIVEN))
    there = {form.definition.name for form in theory.forms if form in tables}
    assert there == {"plain", "same", "predicate", "counted", "other", "further"}


def test_a_table_has_the_values_at_all_points(theory: Theory) -> None:
    form = theory.scope.definitions["other"]
    table = table_of(form, theory.definitions, structure_of(GIVEN))
    assert table is not None
    assert np.array_equal(table, [[u if u != t else t for u in (0, 1)] for t in (0, 1, 1, 0)])
    assert table_of(theory.scope.definitions["partial"], theory.definitions, structure_of(GIVEN)) is None
