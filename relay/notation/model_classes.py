"""What a claim may use in its class of models: order of scalars in `reals` only, ranging over a type in `fields` only.

A definition may use both. If a claim uses one of them, itself or through a definition, its class has to give it a
meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from relay.errors import NotationError
from relay.notation.comparisons import ORDERS
from relay.notation.dependencies import below, ranges_over_scalars, terms_within
from relay.notation.syntax import Apply, Claim, Comprehension, Definition, ScalarType, Term
from relay.notation.traversal import walk

_RANGED = re.compile(r"\bin\s+(?:Scalar|Vector|Matrix)\b")


def misplaced(claim: Claim, definitions: Mapping[str, Definition]) -> NotationError | None:
    """The error for a claim that means nothing in its class, with position and fix; None if it has a meaning."""
    defined = (d.terms for d in below((key for _, key in claim.rests_on), definitions))
    hypothesis = () if claim.hypothesis is None else walk(claim.hypothesis)
    # Order in the body was checked when the claim was read. The hypothesis is checked again, because the domain of a
    # concept's form becomes a hypothesis without being read as one.
    if claim.over != "reals" and any(map(_compares_scalars, chain(hypothesis, *defined))):
        return _error(
            claim, definitions, _compares_scalars, "uses the order of scalars, which not every field has",
            "claim it `over reals`",
        )  # fmt: skip
    terms = [claim.body] if claim.hypothesis is None else [claim.hypothesis, claim.body]
    if claim.over != "fields" and any(map(ranges_over_scalars, terms_within(terms, definitions))):
        return _error(
            claim, definitions, ranges_over_scalars,
            f"ranges over a type, which has a meaning in finite models only, and this claim is over {claim.over}",
            f"leave `over {claim.over}` out, or make the variable a parameter of the claim",
        )  # fmt: skip
    return None


def ranges(definition: Definition, definitions: Mapping[str, Definition]) -> bool:
    """Whether a definition ranges over a type with scalars in it, itself or through its callees."""
    return _any(ranges_over_scalars, [definition.body], definitions)


def orders(definition: Definition, definitions: Mapping[str, Definition]) -> bool:
    """Whether a definition compares scalars by size, itself or through its callees."""
    called = below((key for _, key in definition.rests_on), definitions)
    return any(map(_compares_scalars, chain(walk(definition.body), *(one.terms for one in called))))


def _compares_scalars(term: Term) -> bool:
    if isinstance(term, Apply):
        return term.op in ORDERS and isinstance(term.args[0].type, ScalarType)
    return isinstance(term, Comprehension) and term.kind in ("max", "min") and isinstance(term.type, ScalarType)


def _error(
    claim: Claim, definitions: Mapping[str, Definition], guilty: Callable[[Term], bool], what: str, mend: str
) -> NotationError:
    """The error for a claim. Its position is the claim's first call of a definition that has a `guilty` term, itself or
    through its callees; if there is no such call, the claim's own generator."""
    for name, key in claim.rests_on:
        definition = definitions.get(key)
        if definition is not None and _any(guilty, [definition.body], definitions):
            line, column = _place(claim.source, re.compile(rf"\b{re.escape(name)}\b"))
            return NotationError(f"`{name}` {what}; {mend}", line=line, column=column)
    line, column = _place(claim.source, _RANGED)
    return NotationError(f"this {what}; {mend}", line=line, column=column)


def _any(guilty: Callable[[Term], bool], terms: Sequence[Term], definitions: Mapping[str, Definition]) -> bool:
    return any(map(guilty, terms_within(terms, definitions)))


def _place(source: str, wanted: re.Pattern[str]) -> tuple[int, int]:
    """Line and column of the first match of `wanted` after the claim's first bracket, outside of comments. If there is
    no match, both are 1."""
    # A comment becomes as many blanks, so that positions stay.
    plain = re.sub(r"#[^\n]*", lambda comment: " " * len(comment[0]), source)
    found = wanted.search(plain, plain.find("(") + 1)
    at = found.start() if found is not None else 0
    return plain.count("\n", 0, at) + 1, at - plain.rfind("\n", 0, at)
