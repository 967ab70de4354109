"""Values that a definition is compared on: a third make the reference true, and a third just miss it."""

from __future__ import annotations

from functools import cache

import pytest

from relay.checker.cases import dimensions
from relay.checker.fields import small
from relay.checker.sampling.parameter_values import shape
from relay.notation.syntax import BoolType
from relay.records.task import Concept, Form, Given, Task
from relay.scoring.credit.sampler_quality import shares
from relay.scoring.credit.sampling import batch, truth
from relay.scoring.theory import CheckedForm, Theory
from relay.seeds import content_generator
from tasks.linear_algebra import LinearAlgebra


@cache
def theory() -> Theory:
    return Theory.read(LinearAlgebra().build(0))


@pytest.mark.parametrize("name", [form.definition.name for form in theory().forms])
def test_every_sampler_of_linear_algebra_hits(name: str) -> None:
    form = next(form for form in theory().forms if form.definition.name == name)
    found = shares(form, theory().definitions)
    partial = isinstance(form.definition.result, BoolType) or form.domain is not None
    assert (found is not None) == partial
    assert found is None or found.enough, found


def _form(source: str, sampler: dict[str, str] | None) -> tuple[CheckedForm, Theory]:
    form = Form(source=source, sampler=sampler)
    task = Task(
        name="one", parameters={}, brief="", given=Given(scalars=True), statement_size=50,
        concepts=(Concept(id="one", forms=(form,)),),
    )  # fmt: skip
    read = Theory.read(task)
    return read.forms[0], read


ROW = "define opposite(u: Vector[n], v: Vector[n]) -> Bool = all(u[i] + v[i] == 0 for i in range(n))"


@pytest.mark.parametrize(
    ("sampler", "enough"),
    [
        ({"v": "vector(- u[i] for i in range(n))"}, True),
        ({"v": "vector((- u[i] if 0 < i else 1 - u[i]) for i in range(n))"}, False),
        ({"v": "vector(u[i] for i in range(n))"}, False),
        (None, False),
    ],
)
def test_a_sampler_that_misses_is_told(sampler: dict[str, str] | None, enough: bool) -> None:
    form, read = _form(ROW, sampler)
    found = shares(form, read.definitions)
    assert found is not None
    assert found.enough == enough, found
    assert enough or "opposite" in found.words()


def test_near_misses_are_one_change_away() -> None:
    form, read = _form(ROW, {"v": "vector(- u[i] for i in range(n))"})
    model = small(7)
    case = dict.fromkeys(dimensions(form.definition.parameters, form.definition.sizes), 3)
    drawn = shape(form.definition.parameters, case, model)
    assert drawn is not None
    found = batch(form, drawn, model, case, 48, content_generator("near"), read.definitions)
    hit = truth(form, found.values, found.lanes, model, read.definitions)
    made, changed = hit[found.lanes - 2 * found.made : found.lanes - found.made], hit[found.lanes - found.made :]
    assert made.all() and not changed.any()
    for lane in range(found.made):
        before, after = found.lanes - 2 * found.made + lane, found.lanes - found.made + lane
        differing = sum(
            int((value.data[before] != value.data[after]).sum())
            for value in found.values.values()  # type: ignore[union-attr]
        )
        assert differing == 1


def test_what_sampling_gives_is_a_function_of_its_seed() -> None:
    form, read = _form(ROW, {"v": "vector(- u[i] for i in range(n))"})
    assert shares(form, read.definitions) == shares(form, read.definitions)
