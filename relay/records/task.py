"""What a task is: a brief, what is given, a hidden concept graph, and phenomena to explain.

Data only. A resolved task is what `task.json` holds; nothing in it is executed, and all of its mathematics is text in
the notation, or tables. `relay.scoring.theory` reads that text and refuses a task that does not hold together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import SerializerFunctionWrapHandler, StringConstraints, field_validator, model_serializer

from relay.records.record import Record

_DEFINED = re.compile(r"\s*define\s+([A-Za-z_][A-Za-z0-9_]*)")
_NAME = re.compile(r"#[^\n]*|\b([A-Za-z_][A-Za-z0-9_]*)\s*\(")


def called_concepts(concepts: Iterable[Concept]) -> Mapping[str, tuple[str, ...]]:
    """By concept, those whose forms its primary form calls, in the order of their first call."""
    concepts = tuple(concepts)
    owner = {
        found.group(1): concept.id
        for concept in concepts
        for form in concept.forms
        if (found := _DEFINED.match(form.source)) is not None
    }
    needs: dict[str, tuple[str, ...]] = {}
    for concept in concepts:
        _, _, body = concept.forms[0].source.partition("->") if concept.forms else ("", "", "")
        called = [owner[name] for name in _NAME.findall(body) if name in owner]
        needs[concept.id] = tuple(dict.fromkeys(one for one in called if one != concept.id))
    return needs


def with_prerequisites(concepts: Iterable[Concept]) -> tuple[Concept, ...]:
    """The concepts with what their primary forms call among their prerequisites, after what is declared."""
    concepts = tuple(concepts)
    called = called_concepts(concepts)
    return tuple(
        concept.model_copy(
            update={"prerequisites": tuple(dict.fromkeys((*concept.prerequisites, *called[concept.id])))}
        )
        for concept in concepts
    )


TellingWord = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{3,}(/[A-Za-z]{3,})?$")]
"""A word that betrays a field, as `word`, or `word/plural` where the plural is not the word with an s."""


class Sort(Record):
    """A finite carrier that the task declares: its values are 0..size-1."""

    name: str
    size: int


class Operation(Record):
    """A given operation on sorts, as a complete table: `table[a][b]...` is its value."""

    name: str
    parameters: tuple[str, ...]
    """Names of the sorts of its parameters."""
    result: str
    table: tuple[Any, ...]
    """Nested tuples of ints, one level a parameter."""


class Given(Record):
    """What every researcher may use from the start."""

    scalars: bool = False
    """Whether `Scalar`, `Vector`, `Matrix` and their forms are part of the language of this task."""
    sorts: tuple[Sort, ...] = ()
    operations: tuple[Operation, ...] = ()


class Form(Record):
    """One reasonable shape of a concept: a reference definition with its own type and domain."""

    source: str
    """`define ...` in the notation; may call earlier references and primary forms of other concepts."""
    domain: str | None = None
    """A `Bool` term over the form's parameters; a definition is compared only where it is true. None: everywhere."""
    sampler: dict[str, str] | None = None
    """For predicates and partial concepts: parameter -> term over the form's parameters (drawn at random) and sizes,
    whose values tend to make the reference true (or the domain hold)."""
    symmetry: str | None = None
    """`factor` (one constant non-zero factor), `sign`, or `transpose`: what a definition may differ by."""


class Law(Record):
    """A claim about a concept that the checker accepts, and that fails for most corruptions of the concept."""

    source: str


class Concept(Record):
    """A node of the hidden graph. Depth is computed from `prerequisites`, never typed in."""

    id: str
    forms: tuple[Form, ...]
    """The first form is the primary one: its name is what other references call."""
    prerequisites: tuple[str, ...] = ()
    """Concepts that it needs. In a task these are, beside those declared, all whose forms its primary form calls."""
    reasons: dict[str, str] = {}
    """Prerequisite -> why it is one, for those that the primary form does not call."""
    laws: tuple[Law, ...] = ()


class Row(Record):
    """One worked example of a phenomenon: inputs in the order of its parameters, and the output.

    Scalars are ints or strings such as `1/2`; vectors, matrices and lists are nested tuples; truth values are bools.
    """

    inputs: tuple[Any, ...]
    output: Any


class Phenomenon(Record):
    """An unnamed behaviour to explain. `id` and order are replaced by a seeded shuffle before anyone sees them."""

    id: str
    text: str
    """What is shown, in plain words, before the rows."""
    parameters: tuple[str, ...]
    """Types in the notation, as `Matrix[m, n]`; sizes may repeat."""
    result: str
    field: str
    """Where the numbers live: `rationals`, `mod P` for a prime P, or `structure` for the task's own sorts."""
    rows: tuple[Row, ...]
    concept: str
    """The hidden concept that accounts for it."""


class Task(Record):
    """A resolved task."""

    name: str
    parameters: dict[str, Any]
    brief: str
    given: Given
    statement_size: int
    references: tuple[str, ...] = ()
    """Helper definitions of the hidden namespace, in order, before any concept's forms."""
    concepts: tuple[Concept, ...]
    phenomena: tuple[Phenomenon, ...] = ()
    vocabulary: tuple[TellingWord, ...] = ()
    """Words of the brief and the phenomena that betray the field. Names of sorts and operations, and what betrays it in
    the notation, need not be in it."""
    certificate: dict[str, Any] = {}
    """For generated tasks: what was searched to certify it. Hidden."""

    @model_serializer(mode="wrap")
    def _without_empty_vocabulary(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Logs hold a digest of the task; those of tasks without a vocabulary were written before there was one."""
        written: dict[str, Any] = handler(self)
        if not self.vocabulary:
            written.pop("vocabulary", None)
        return written

    @field_validator("concepts")
    @classmethod
    def _derive_prerequisites(cls, concepts: tuple[Concept, ...]) -> tuple[Concept, ...]:
        return with_prerequisites(concepts)
