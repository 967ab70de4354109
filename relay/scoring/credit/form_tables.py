"""Forms over a finite structure as tables, computed once a theory: a definition is compared with all of them at once.

A form has a table if it takes and gives elements, has a value everywhere, and counts everywhere and exactly: no domain,
no symmetry. A definition agrees with it if it has the same table, its parameters taken in some order. All points are
compared, so no constant in a definition can hide a difference, and none is looked for. All other forms are compared by
`relay.scoring.credit.agreement`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.structure import Structure
from relay.evaluation.evaluate import call
from relay.evaluation.values import as_array
from relay.notation.syntax import BoolType, Definition, NatType, SortType
from relay.scoring.credit.agreement import EXHAUST, FUEL
from relay.scoring.theory import CheckedForm

Table = NDArray[Any]
"""The values of a definition at all points, one axis a parameter."""


class FormTables:
    """The tables of a theory's forms, for looking up which forms have a given one."""

    def __init__(
        self, forms: Sequence[CheckedForm], definitions: Mapping[str, Definition], structure: Structure
    ) -> None:
        self._keys: set[str] = set()
        self._alike: dict[bytes, set[str]] = defaultdict(set)
        for form in forms:
            if form.domain is None and form.symmetry is None:
                table = table_of(form.definition, definitions, structure)
                # a predicate that is always true, or never, can't be told from a constant
                if table is not None and (table.dtype != np.bool_ or 0 < table.sum() < table.size):
                    self._keys.add(form.definition.key)
                    self._alike[_content(table)].add(form.definition.key)

    def __contains__(self, form: CheckedForm) -> bool:
        return form.definition.key in self._keys

    def alike(self, table: Table | None, order: Sequence[int]) -> Set[str]:
        """The keys of the forms here that have this table if its axes are put in `order`. It may be that of a form of
        other types. No form has the table None."""
        return frozenset() if table is None else self._alike.get(_content(table.transpose(order)), frozenset())


def _content(table: Table) -> bytes:
    return np.ascontiguousarray(table, dtype=np.int64).tobytes()


def table_of(definition: Definition, definitions: Mapping[str, Definition], structure: Structure) -> Table | None:
    """The table of a definition that takes elements and gives an element, a number or a truth value; None if there are
    too many points to compare all, or if it has no value at one of them."""
    types = [parameter.type for parameter in definition.parameters]
    sorts = [type_.name for type_ in types if isinstance(type_, SortType)]
    if len(sorts) < len(types) or not isinstance(definition.result, SortType | BoolType | NatType):
        return None
    shape = tuple(structure.carriers[sort] for sort in sorts)
    points = prod(shape)
    if points > EXHAUST:
        return None
    try:
        outcome = call(
            definition, [*np.indices(shape).reshape(len(shape), points)], points, structure, definitions, FUEL
        )
    except (Undecidable, TooLarge):
        return None
    if outcome.value is None or not outcome.ok.all():
        return None
    kind = np.bool_ if isinstance(definition.result, BoolType) else np.int64
    return as_array(outcome.value, points, kind).reshape(shape)
