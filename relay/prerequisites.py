"""Which concepts a concept needs: those whose forms its primary form calls, and those that its task declares.

Calls are found by their spelling, which is exact: the names of a task's definitions are all different, and no bound
name may equal one that can be called. Other forms of a concept are further shapes of it; what they call makes nothing
necessary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relay.task import Concept

__all__ = ["called_concepts", "with_prerequisites"]

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
