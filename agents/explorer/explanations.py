"""Phenomena with worked rows, and the candidates that reproduce them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agents.explorer.callables import Kind, callable_from
from relay.notation import read_parameters
from relay.notation.syntax import BoolType, Definition, MatrixType, NatType, ScalarType, Type, VectorType
from relay.records.task import Given
from relay.researcher.bench import LocalBench
from relay.researcher.observation import PublicPhenomenon

TRIED = 40
"""The most candidates that are tried on one phenomenon. They have its form, and the best are tried first."""

Form = tuple[tuple[int, ...], int]
"""A type without its sizes and without the order of the parameters: the sorted numbers of axes of the parameters, and
the number of axes of the result. A truth value counts as 3 axes, a natural number as 4, and anything else that is no
scalar or array as 9 (`_axes`)."""


def form_of(phenomenon: PublicPhenomenon, given: Given) -> Form:
    """Return the form of a phenomenon's type."""
    texts = (*phenomenon.parameters, phenomenon.result)
    read, _ = read_parameters(", ".join(f"p{at}: {text}" for at, text in enumerate(texts)), given)
    axes = [_axes(parameter.type) for parameter in read]
    return tuple(sorted(axes[:-1])), axes[-1]


def form_of_kinds(parameters: Sequence[Kind], result: Kind) -> Form:
    """Return the form of a term's type."""
    return tuple(sorted(_kind_axes(kind) for kind in parameters)), _kind_axes(result)


def open_phenomena(
    bench: LocalBench,
    phenomena: Sequence[PublicPhenomenon],
    library: Sequence[tuple[str, Definition]],
    definitions: Mapping[str, Definition],
) -> list[tuple[Form, PublicPhenomenon]]:
    """Return the phenomena over scalars and arrays that no definition of `library` explains, each with its form.

    Each definition that is tried costs one evaluation.
    """
    still = []
    forms = [
        (form_of_kinds(each.parameters, each.result), definition)
        for name, definition in library
        if (each := callable_from(name, definition)) is not None
    ]
    for phenomenon in phenomena:
        if phenomenon.field == "structure":
            continue
        form = form_of(phenomenon, bench.given)
        fitting = [definition for other, definition in forms if other == form][: max(0, bench.left)]
        if not any(bench.explains(definition, definitions, phenomenon) for definition in fitting):
            still.append((form, phenomenon))
    return still


def explaining(
    bench: LocalBench,
    phenomenon: PublicPhenomenon,
    candidates: Iterator[Definition],
    definitions: Mapping[str, Definition],
    spare: int,
) -> Definition | None:
    """Return the first candidate that reproduces the phenomenon, or None.

    Stops after `TRIED` candidates, or when only `spare` evaluations are left.
    """
    for tried, candidate in enumerate(candidates):
        if tried == TRIED or bench.left <= spare:
            return None
        if bench.explains(candidate, {**definitions, candidate.key: candidate}, phenomenon):
            return candidate
    return None


def _kind_axes(kind: Kind) -> int:
    return len(kind) if isinstance(kind, tuple) else {"bool": 3, "nat": 4}[kind]


def _axes(type_: Type) -> int:
    for axes, form in enumerate((ScalarType, VectorType, MatrixType, BoolType, NatType)):
        if isinstance(type_, form):
            return axes
    return 9
