"""A task's hidden side, read and checked: reference definitions, forms, laws, and the graph with its depths.

Reading raises `TaskError` that names the inconsistency: a cycle, a misspelt prerequisite, an ill-typed definition.
Observations of researchers are not made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter

from relay.errors import NotationError, TaskError
from relay.notation import Scope, read_statement, read_term
from relay.notation.limits import CHARACTERS
from relay.notation.syntax import BOOL, Claim, Definition, Term, Type
from relay.records.measures import depths
from relay.records.task import Concept, Form, Task
from relay.scoring.given_check import check_given


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """A form of a concept, read and typed."""

    concept: str
    definition: Definition
    domain: Definition | None
    """A predicate with the form's own parameters; None if the form is meant everywhere."""
    sampler: Mapping[str, Term]
    """Parameter -> term over the form's parameters; empty if the form has no sampler."""
    symmetry: str | None
    """`factor`, `sign` or `transpose`: the difference between values that does not count. None if every one counts."""


@dataclass(frozen=True, slots=True)
class CheckedLaw:
    """A law of a concept, read and typed; `name` is `CONCEPT/NUMBER`, numbers count from 1."""

    concept: str
    name: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class Theory:
    """The hidden side of a task."""

    task: Task
    depth: Mapping[str, int]
    """Number of concepts on the longest path that ends at a concept; 1 if it has no prerequisites."""
    prerequisites: Mapping[str, frozenset[str]]
    definitions: Mapping[str, Definition]
    """Helpers and forms of the hidden namespace, by key."""
    forms: tuple[CheckedForm, ...]
    laws: tuple[CheckedLaw, ...]
    scope: Scope
    """Helpers and forms of the hidden namespace, by name."""

    @staticmethod
    def read(task: Task) -> Theory:
        """Read and check a task. Raises `TaskError`."""
        check_given(task.given)
        if task.statement_size < 1:
            raise TaskError(f"statement_size is {task.statement_size}; a statement has at least 1 term node")
        if task.statement_size > CHARACTERS:
            raise TaskError(
                f"statement_size is {task.statement_size}; a statement has at most {CHARACTERS:,} characters, "
                f"and so no more term nodes; give {CHARACTERS} or less"
            )
        _check_graph(task)
        scope = Scope(task.given)
        # Each definition sees those before it: references first, then forms in the order of the file.
        definitions: dict[str, Definition] = {}
        for source in task.references:
            scope, _ = _define(source, scope, definitions, "a reference of the task")
        forms: list[CheckedForm] = []
        for concept in task.concepts:
            if not concept.forms:
                raise TaskError(f"concept `{concept.id}` has no form; give it at least one `define ...`")
            for form in concept.forms:
                scope, checked = _form(concept, form, scope, definitions)
                forms.append(checked)
        laws = tuple(
            CheckedLaw(concept.id, f"{concept.id}/{number}", _law(concept.id, number, law.source, scope))
            for concept in task.concepts
            for number, law in enumerate(concept.laws, start=1)
        )
        _phenomena(task)
        depth = depths(task.concepts)
        needs = {c.id: frozenset(c.prerequisites) for c in task.concepts}
        return Theory(task, depth, needs, definitions, tuple(forms), laws, scope)


def _phenomena(task: Task) -> None:
    """Check that each phenomenon has an id of its own, at least one row, and a concept of the task."""
    ids = sorted(concept.id for concept in task.concepts)
    seen: set[str] = set()
    for phenomenon in task.phenomena:
        if phenomenon.concept not in ids:
            raise TaskError(
                f"phenomenon `{phenomenon.id}` names the concept `{phenomenon.concept}`, which the task does not have"
                f"{_hint(phenomenon.concept, ids)}"
            )
        if phenomenon.id in seen:
            raise TaskError(f"phenomenon `{phenomenon.id}` appears twice in the task; use each id once")
        if not phenomenon.rows:
            raise TaskError(f"phenomenon `{phenomenon.id}` has no rows; give it at least one worked example")
        seen.add(phenomenon.id)


def _hint(name: str, there: list[str]) -> str:
    close = get_close_matches(name, there, n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def _check_graph(task: Task) -> None:
    """Check that the concepts have ids of their own and that their prerequisites are concepts and form no cycle."""
    ids: set[str] = set()
    for concept in task.concepts:
        if concept.id in ids:
            raise TaskError(f"concept `{concept.id}` appears twice in the task; use each id once")
        if not concept.id.isprintable() or not concept.id.strip():
            raise TaskError(f"a concept has the id {concept.id!r}; give it a printable id")
        ids.add(concept.id)
    # in a second loop, so that a prerequisite may stand after the concept that needs it
    for concept in task.concepts:
        for prerequisite in concept.prerequisites:
            if prerequisite not in ids:
                raise TaskError(
                    f"concept `{concept.id}` needs `{prerequisite}`, which is not a concept of the task"
                    f"{_hint(prerequisite, sorted(ids))}"
                )
    try:
        TopologicalSorter({concept.id: concept.prerequisites for concept in task.concepts}).prepare()
    except CycleError as error:
        # the whole cycle is named, since any of its edges may be the wrong one
        cycle = error.args[1]
        raise TaskError(f"the prerequisites form a cycle: {' -> '.join(cycle)}; remove one of them") from None


def _define(source: str, scope: Scope, definitions: dict[str, Definition], where: str) -> tuple[Scope, Definition]:
    try:
        statement = read_statement(source, scope)
    except NotationError as error:
        raise TaskError(f"{where} is ill-formed: {error} (in `{_short(source)}`)") from error
    if not isinstance(statement, Definition):
        raise TaskError(f"{where} is a claim, and a definition was expected: `{_short(source)}`")
    if statement.name in scope.definitions:
        raise TaskError(f"{where} defines `{statement.name}`, a name that is already used in the task")
    definitions[statement.key] = statement
    return scope.adding(statement), statement


def _form(concept: Concept, form: Form, scope: Scope, definitions: dict[str, Definition]) -> tuple[Scope, CheckedForm]:
    where = f"a form of concept `{concept.id}`"
    scope, definition = _define(form.source, scope, definitions, where)
    variables: dict[str, Type] = {p.name: p.type for p in definition.parameters}

    def term(source: str, what: str, expected: Type | None) -> Term:
        try:
            return read_term(source, scope, variables, expected)
        except NotationError as error:
            raise TaskError(f"the {what} of `{definition.name}`, {where}, is ill-formed: {error}") from error

    domain = None
    if form.domain is not None:
        body = term(form.domain, "domain", BOOL)
        # no statement has this name or key: an apostrophe can't be typed in a name
        domain = replace(definition, name=f"{definition.name}'s domain", result=BOOL, body=body, key="")
    sampler: dict[str, Term] = {}
    for name, source in (form.sampler or {}).items():
        if name not in variables:
            raise TaskError(
                f"the sampler of `{definition.name}`, {where}, names `{name}`, which is not a parameter of it"
            )
        sampler[name] = term(source, f"sampler of `{name}`", variables[name])
    if form.symmetry not in (None, "factor", "sign", "transpose"):
        raise TaskError(
            f"the symmetry of `{definition.name}`, {where}, is `{form.symmetry}`; "
            "`factor`, `sign` or `transpose` was expected"
        )
    return scope, CheckedForm(concept.id, definition, domain, sampler, form.symmetry)


def _law(concept: str, number: int, source: str, scope: Scope) -> Claim:
    where = f"law {number} of concept `{concept}`"
    try:
        statement = read_statement(source, scope)
    except NotationError as error:
        raise TaskError(f"{where} is ill-formed: {error} (in `{_short(source)}`)") from error
    if not isinstance(statement, Claim):
        raise TaskError(f"{where} is a definition, and a claim was expected: `{_short(source)}`")
    return statement


def _short(source: str) -> str:
    text = " ".join(source.split())
    return text if len(text) <= 60 else text[:57] + "..."
