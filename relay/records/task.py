"""A task: a brief, what is given, a hidden concept graph, and phenomena to explain.

Data only. `task.json` holds a resolved task. Nothing in it is executed: all of its mathematics is text in the notation,
or tables. `relay.scoring.theory` reads that text and refuses an inconsistent task.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import (
    SerializerFunctionWrapHandler,
    StringConstraints,
    ValidationError,
    field_validator,
    model_serializer,
)

from relay.errors import UsageError
from relay.records.files import check_structure
from relay.records.record import Record

STRUCTURE = 4 << 20
"""Most bytes of a task outside of its texts."""
_DEFINED = re.compile(r"\s*define\s+([A-Za-z_][A-Za-z0-9_]*)")
# Comments are matched first, so that names in them are skipped.
_NAME = re.compile(r"#[^\n]*|\b([A-Za-z_][A-Za-z0-9_]*)\s*\(")


def called_concepts(concepts: Iterable[Concept]) -> Mapping[str, tuple[str, ...]]:
    """Id of a concept -> ids of the other concepts whose forms its primary form calls, in the order in which it first
    calls them."""
    concepts = tuple(concepts)
    owner = {
        found.group(1): concept.id
        for concept in concepts
        for form in concept.forms
        if (found := _DEFINED.match(form.source)) is not None
    }
    needs: dict[str, tuple[str, ...]] = {}
    for concept in concepts:
        # Text is enough here: the body stands after the only arrow. This room can't use the notation's parser.
        _, _, body = concept.forms[0].source.partition("->") if concept.forms else ("", "", "")
        called = [owner[name] for name in _NAME.findall(body) if name in owner]
        needs[concept.id] = tuple(dict.fromkeys(one for one in called if one != concept.id))
    return needs


def with_prerequisites(concepts: Iterable[Concept]) -> tuple[Concept, ...]:
    """The same concepts with more prerequisites: after its declared ones, each gets the concepts that its primary form
    calls."""
    concepts = tuple(concepts)
    called = called_concepts(concepts)
    return tuple(
        concept.model_copy(
            update={"prerequisites": tuple(dict.fromkeys((*concept.prerequisites, *called[concept.id])))}
        )
        for concept in concepts
    )


TellingWord = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{3,}(/[A-Za-z]{3,})?$")]
"""A word that betrays the field: `word`, or `word/plural` if the plural is not the word with an s."""


class Sort(Record):
    """A finite sort that the task declares. Its values are 0..size-1."""

    name: str
    size: int


class Operation(Record):
    """A given operation on sorts, as a complete table: `table[a][b]...` is its value."""

    name: str
    parameters: tuple[str, ...]
    """Names of the sorts of its parameters."""
    result: str
    table: tuple[Any, ...]
    """Nested tuples of ints, one level per parameter."""


class Given(Record):
    """What every researcher may use from the start."""

    scalars: bool = False
    """Whether `Scalar`, `Vector`, `Matrix` and their forms are part of this task's language."""
    sorts: tuple[Sort, ...] = ()
    operations: tuple[Operation, ...] = ()


class Form(Record):
    """One reasonable form of a concept: a reference definition with its own type and domain."""

    source: str
    """`define ...` in the notation. It may call earlier references and primary forms of other concepts."""
    domain: str | None = None
    """A `Bool` term over the form's parameters; definitions are compared with the form only where it is true. None:
    everywhere."""
    sampler: dict[str, str] | None = None
    """Parameter -> term that gives its values, over the sizes and the form's parameters, which are drawn at random for
    it. For a predicate, these values tend to make the reference true; for a partial concept, to satisfy `domain`."""
    symmetry: str | None = None
    """What a definition may differ from the form by: `factor` (one constant non-zero factor), `sign`, or
    `transpose`."""


class Law(Record):
    """A claim about a concept that the checker accepts, and that fails for most corruptions of the concept."""

    source: str


class Concept(Record):
    """A node of the hidden graph. Depth is computed from `prerequisites` and never written down."""

    id: str
    forms: tuple[Form, ...]
    """The first form is the primary one: other references call its name."""
    prerequisites: tuple[str, ...] = ()
    """Ids of the concepts that this concept needs. An author need not declare those whose forms the primary form calls:
    they are added in the resolved task."""
    reasons: dict[str, str] = {}
    """Prerequisite -> why it is one, for prerequisites that the primary form does not call."""
    laws: tuple[Law, ...] = ()


class Row(Record):
    """One worked example of a phenomenon: inputs in the order of its parameters, and the output.

    Scalars are ints or strings such as `1/2`; vectors, matrices and lists are nested tuples; truth values are bools.
    """

    inputs: tuple[Any, ...]
    output: Any


class Phenomenon(Record):
    """An unnamed behaviour to explain. Researchers see neither its `id` nor its place in the task, but a number from a
    seeded shuffle."""

    id: str
    text: str
    """Text in plain words that is shown before the rows."""
    parameters: tuple[str, ...]
    """Types in the notation, such as `Matrix[m, n]`; sizes may repeat."""
    result: str
    field: str
    """The field of the numbers: `rationals`, `mod P` for a prime P, or `structure` for the task's own sorts."""
    rows: tuple[Row, ...]
    concept: str
    """The hidden concept that explains it."""


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
    """Words of the brief and the phenomena that betray the field. Names of sorts and operations, and telling words of
    the notation, need not be listed."""
    certificate: dict[str, Any] = {}
    """For generated tasks: the search that certified the task. Hidden."""

    @model_serializer(mode="wrap")
    def _without_empty_vocabulary(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out an empty vocabulary: logs hold a digest of the task, and older tasks had no vocabulary."""
        written: dict[str, Any] = handler(self)
        if not self.vocabulary:
            written.pop("vocabulary", None)
        return written

    @field_validator("concepts")
    @classmethod
    def _derive_prerequisites(cls, concepts: tuple[Concept, ...]) -> tuple[Concept, ...]:
        return with_prerequisites(concepts)


def parse_task(text: str | bytes, where: str) -> Task:
    """A task from its JSON. Arrays become tuples at every depth, so that a task is equal to itself when read back.

    `where` names the text in errors. Raises `UsageError` if the text is not a task.
    """
    try:
        check_structure(text.encode() if isinstance(text, str) else text, STRUCTURE)
        return Task.model_validate(_freeze(json.loads(text)))
    except (ValueError, RecursionError, ValidationError) as error:
        raise UsageError(
            f"{where} is not a task: {str(error).splitlines()[0]}; restore it or start a new trial"
        ) from None


def _freeze(data: Any) -> Any:
    if isinstance(data, list):
        return tuple(map(_freeze, data))
    if isinstance(data, dict):
        return {key: _freeze(value) for key, value in data.items()}
    return data
