"""From a definition to the hidden concepts that it is a form of. What it is called earns nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from relay.credit.agreement import agrees
from relay.credit.signatures import orders, signature
from relay.models.structure import Structure
from relay.notation.canonical import canonical_claim, content_key
from relay.notation.rewriting import with_keys
from relay.notation.syntax import Claim, Definition
from relay.theory import CheckedForm, Theory


class CreditOffice:
    """Recognises definitions and laws. Pure: an answer depends on the statement and what it rests on alone."""

    def __init__(self, theory: Theory) -> None:
        self._theory = theory
        self._structure = Structure(theory.task.given) if not theory.task.given.scalars else None
        self._forms: dict[str, list[CheckedForm]] = defaultdict(list)
        for form in theory.forms:
            self._forms[signature(form.definition.parameters, form.definition.result)].append(form)
        self._laws = {law.claim.key: law.name for law in theory.laws}
        self._known: dict[str, tuple[CheckedForm, ...]] = {}
        self._plain: dict[str, str] = {}

    def concepts(self, definition: Definition, definitions: Mapping[str, Definition]) -> tuple[str, ...]:
        """Ids of the concepts that the definition is a form of, sorted."""
        return tuple(sorted({form.concept for form in self._matching(definition, definitions)}))

    def laws(self, claim: Claim, definitions: Mapping[str, Definition]) -> tuple[str, ...]:
        """Names of the hidden laws that an accepted claim states, its own definitions read as the forms that they
        are."""
        renamed: dict[str, str] = {}
        for _, key in claim.rests_on:
            definition = definitions.get(key)
            if definition is not None:
                self._matching(definition, definitions)
                renamed[key] = self._plain.get(key, key)
        body = with_keys(claim.body, renamed)
        hypothesis = None if claim.hypothesis is None else with_keys(claim.hypothesis, renamed)
        key = content_key(canonical_claim(claim.over, claim.parameters, claim.sizes, hypothesis, body))
        return (self._laws[key],) if key in self._laws else ()

    def _matching(self, definition: Definition, definitions: Mapping[str, Definition]) -> tuple[CheckedForm, ...]:
        known = self._known.get(definition.key)
        if known is not None:
            return known
        everything = {**definitions, **self._theory.definitions}
        found: list[CheckedForm] = []
        credited: set[str] = set()
        for order, text in orders(definition):
            for form in self._forms.get(text, ()):
                if form.concept in credited:
                    continue
                if agrees(definition, order, form, everything, self._structure):
                    found.append(form)
                    credited.add(form.concept)
                    if order == tuple(range(len(order))):
                        self._plain.setdefault(definition.key, form.definition.key)
        self._known[definition.key] = tuple(found)
        return self._known[definition.key]
