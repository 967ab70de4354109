"""An inconsistent task is refused in one line that names the mistake; depths are computed."""

from __future__ import annotations

from typing import Any

import pytest

from relay.errors import TaskError
from relay.records.task import Concept, Form, Given, Law, Phenomenon, Task
from relay.scoring.theory import Theory

TWICE = Form(source="define twice(x: Scalar) -> Scalar = x + x")


def _task(*concepts: Concept, **more: Any) -> Task:
    return Task(
        name="t", parameters={}, brief="", given=Given(scalars=True), statement_size=50, concepts=concepts, **more
    )


def _one(**more: Any) -> Concept:
    return Concept(**{"id": "a", "forms": (TWICE,), **more})


def _named(name: str, *prerequisites: str) -> Concept:
    form = Form(source=f"define f_{name}(x: Scalar) -> Scalar = x + {len(name)}")
    return Concept(id=name, forms=(form,), prerequisites=prerequisites)


def test_depth_is_the_longest_path_in_concepts() -> None:
    theory = Theory.read(_task(_named("a"), _named("b", "a"), _named("c", "a", "b"), _named("d")))
    assert dict(theory.depth) == {"a": 1, "b": 2, "c": 3, "d": 1}
    assert theory.prerequisites["c"] == frozenset(("a", "b"))


def test_references_come_before_forms_and_forms_before_later_ones() -> None:
    thrice = Concept(id="b", forms=(Form(source="define thrice(x: Scalar) -> Scalar = help(twice(x)) + x"),))
    theory = Theory.read(_task(_one(), thrice, references=("define help(x: Scalar) -> Scalar = x",)))
    assert [form.definition.name for form in theory.forms] == ["twice", "thrice"]
    assert set(theory.scope.definitions) == {"help", "twice", "thrice"}
    assert len(theory.definitions) == 3


def test_a_form_keeps_its_domain_sampler_and_symmetry() -> None:
    form = Form(
        source="define q(x: Scalar, y: Scalar) -> Scalar = x / y", domain="y != 0", sampler={"x": "x * y"},
        symmetry="factor",
    )  # fmt: skip
    (checked,) = Theory.read(_task(_one(forms=(form,)))).forms
    assert checked.domain is not None
    assert set(checked.sampler) == {"x"}
    assert checked.symmetry == "factor"


WRONG: dict[str, tuple[Task, str]] = {
    "a circle": (_task(_named("a", "c"), _named("b", "a"), _named("c", "b")), "a -> b -> c -> a|cycle"),
    "itself": (_task(_named("a", "a")), "cycle: a -> a"),
    "a misspelt prerequisite": (_task(_named("trace"), _named("b", "trac")), "did you mean `trace`"),
    "an unknown prerequisite": (_task(_named("a", "zebra")), "`zebra`, which is not a concept"),
    "an id twice": (_task(_named("a"), _named("a")), "`a` appears twice"),
    "no form": (_task(_one(forms=())), "`a` has no form"),
    "a form that is ill-typed": (
        _task(_one(forms=(Form(source="define f(x: Scalar) -> Nat = x"),))), "a form of concept `a` is ill-formed",
    ),
    "a form that is a claim": (_task(_one(forms=(Form(source="claim (x: Scalar): x == x"),))), "is a claim"),
    "a name twice": (_task(_one(forms=(TWICE, TWICE))), "`twice`, a name that is already used in the task"),
    "a domain that is no truth value": (
        _task(_one(forms=(TWICE.model_copy(update={"domain": "x"}),))), "domain of `twice`",
    ),
    "a sampler of nothing": (
        _task(_one(forms=(TWICE.model_copy(update={"sampler": {"y": "x"}}),))), "names `y`, which is not a parameter",
    ),
    "a sampler that is ill-typed": (
        _task(_one(forms=(TWICE.model_copy(update={"sampler": {"x": "x == x"}}),))), "sampler of `x` of `twice`",
    ),
    "an unknown symmetry": (
        _task(_one(forms=(TWICE.model_copy(update={"symmetry": "mirror"}),))), "`factor`, `sign` or `transpose`",
    ),
    "a law that is ill-formed": (
        _task(_one(laws=(Law(source="claim (x: Scalar): twice(x) = x"),))), "law 1 of concept `a` is ill-formed",
    ),
    "a law that is a definition": (_task(_one(laws=(Law(source="define f() -> Nat = 1"),))), "law 1 of concept `a`"),
    "a phenomenon of nothing": (
        _task(
            _one(),
            phenomena=(
                Phenomenon(id="p", text="", parameters=(), result="Nat", field="rationals", rows=(), concept="b"),
            ),
        ),
        "phenomenon `p` names the concept `b`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_does_not_hold_together_is_named(name: str) -> None:
    task, said = WRONG[name]
    with pytest.raises(TaskError) as caught:
        Theory.read(task)
    message = str(caught.value)
    assert "\n" not in message
    assert any(part in message for part in said.split("|"))
