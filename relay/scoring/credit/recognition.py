"""Recognition: from a definition to the hidden concepts that it is a form of. Names earn nothing.

In a task that gives sorts, a definition that is longer than an explanation may be is no form of anything: it may only
repeat a table. Its length is that of `relay.checker.explanations`, with the forms of concepts left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice, product

from relay.checker.checker import Checker
from relay.checker.explanations import length, longest
from relay.evaluation.algebra.structure import structure_of
from relay.notation.dependencies import closure, direct_calls
from relay.notation.rewriting import with_children
from relay.notation.syntax import Call, Claim, Definition, Partial, Term
from relay.notation.unfolding import unfold
from relay.scoring.credit.agreement import agrees
from relay.scoring.credit.agreement_claim import contradicted
from relay.scoring.credit.form_tables import FormTables, table_of
from relay.scoring.credit.laws import saying
from relay.scoring.credit.signatures import orders, signature
from relay.scoring.theory import CheckedForm, Theory

MOST_READINGS = 32
"""Largest number of readings of one claim that are tried.

A reading chooses a form for each of the claim's definitions; a definition may agree with several.
"""

Match = tuple[CheckedForm, tuple[int, ...]]
"""A form, and for each of its parameters the position of the parameter of the definition that agrees with it."""


class ConceptRecogniser:
    """Recognises definitions and laws. Results depend only on the statement and on the definitions it rests on."""

    def __init__(self, theory: Theory) -> None:
        self._theory = theory
        self._checker = Checker(theory.task.given)
        self._structure = structure_of(theory.task.given) if not theory.task.given.scalars else None
        self._forms: dict[str, list[CheckedForm]] = defaultdict(list)
        for form in theory.forms:
            self._forms[signature(form.definition.parameters, form.definition.result)].append(form)
        self._most = longest(theory.task.given, theory.task.statement_size)
        self._agreements: dict[str, tuple[Match, ...]] = {}
        self._known: dict[str, tuple[Match, ...]] = {}

    def concepts(self, definition: Definition, definitions: Mapping[str, Definition]) -> tuple[str, ...]:
        """Ids of the concepts that the definition is a form of, sorted."""
        return tuple(sorted({form.concept for form, _ in self._matching(definition, definitions)}))

    def agrees_at_length(self, definition: Definition, definitions: Mapping[str, Definition]) -> bool:
        """Whether the definition agrees with a form of a concept, and is too long to be one."""
        return bool(self._agreeing(definition, definitions)) and not self._matching(definition, definitions)

    def laws(self, claim: Claim, definitions: Mapping[str, Definition]) -> tuple[str, ...]:
        """Names of the hidden laws that an accepted claim states, sorted.

        Each definition that the claim calls is replaced by a form that it agrees with, and the arguments are put in the
        form's order. A definition that agrees with no form is unfolded.
        """
        known: dict[str, tuple[Match, ...]] = {}
        waiting = [key for _, key in claim.rests_on]
        while waiting:
            definition = definitions.get(waiting.pop())
            if definition is not None and definition.key not in known:
                known[definition.key] = self._matching(definition, definitions)
                # a definition without a form is unfolded, so that the definitions below it are read instead
                waiting += [] if known[definition.key] else [key for _, key in definition.rests_on]
        found: set[str] = set()
        choices = [[(key, match) for match in matches] for key, matches in sorted(known.items()) if matches]
        for chosen in islice(product(*choices), MOST_READINGS):
            read = dict(chosen)
            text = self._said(claim, definitions, read)
            found.update(self._laws.get(text, ()) if text else ())
        return tuple(sorted(found))

    @cached_property
    def _tables(self) -> FormTables | None:
        """The forms that have tables; None if the task gives no structure."""
        if self._structure is None:
            return None
        return FormTables(self._theory.forms, self._theory.definitions, self._structure)

    @cached_property
    def _laws(self) -> Mapping[str, tuple[str, ...]]:
        """What a hidden law says, as a hash -> the names of all laws that say it."""
        found: dict[str, list[str]] = defaultdict(list)
        for law in self._theory.laws:
            found[self._said(law.claim, {}, {})].append(law.name)
        return {text: tuple(sorted(names)) for text, names in found.items() if text}

    def _said(self, claim: Claim, definitions: Mapping[str, Definition], read: Mapping[str, Match]) -> str:
        """What a claim says, as a hash; empty if the unfolded claim would be too large.

        Definitions in `read` are first replaced by their forms. All others, except recursive ones, are unfolded.
        """
        forms = {form.definition.key for form in self._theory.forms}
        everything = {**definitions, **self._theory.definitions}
        plain = {key: one for key, one in everything.items() if key not in forms and key not in read}
        parts: list[Term | None] = []
        for part in (claim.hypothesis, claim.body):
            unfolded = None if part is None else unfold(part, plain)
            if part is not None and unfolded is None:
                return ""
            parts.append(None if unfolded is None else _as_forms(unfolded, read))
        hypothesis, body = parts
        return "" if body is None else saying(claim.over, claim.parameters, hypothesis, body)

    def _matching(self, definition: Definition, definitions: Mapping[str, Definition]) -> tuple[Match, ...]:
        """The forms that the definition agrees with, at most one of each concept. None if it is too long."""
        known = self._known.get(definition.key)
        if known is None:
            found = self._agreeing(definition, definitions)
            known = self._known[definition.key] = found if self._short(definition, definitions, found) else ()
        return known

    def _short(self, definition: Definition, definitions: Mapping[str, Definition], found: tuple[Match, ...]) -> bool:
        """Whether the definition, which agrees with the forms in `found`, may be one by its length."""
        if self._most is None or not found or length(definition, definitions, lambda helper: False) <= self._most:
            return True
        # Callees come first, so nothing here recurses.
        for helper in closure(sorted(direct_calls(definition)), definitions).values():
            self._matching(helper, definitions)
        return length(definition, definitions, lambda helper: bool(self._known[helper.key])) <= self._most

    def _agreeing(self, definition: Definition, definitions: Mapping[str, Definition]) -> tuple[Match, ...]:
        """The forms whose values the definition has, at most one of each concept."""
        known = self._agreements.get(definition.key)
        if known is not None:
            return known
        everything = {**definitions, **self._theory.definitions}
        tables = self._tables
        own = None if self._structure is None else table_of(definition, everything, self._structure)
        found: list[Match] = []
        credited: set[str] = set()
        for order, text in orders(definition):
            alike = tables.alike(own, order) if tables is not None else frozenset()
            for form in self._forms.get(text, ()):
                if form.concept in credited:
                    continue
                if tables is not None and form in tables:
                    agreed = form.definition.key in alike
                else:
                    # agreement first: it is cheaper than the checker, and turns most forms down
                    agreed = agrees(definition, order, form, everything, self._structure) and not self._contradicted(
                        definition, order, form, everything
                    )
                if agreed:
                    found.append((form, order))
                    credited.add(form.concept)
        self._agreements[definition.key] = tuple(found)
        return self._agreements[definition.key]

    def _contradicted(
        self, definition: Definition, order: tuple[int, ...], form: CheckedForm, definitions: Mapping[str, Definition]
    ) -> bool:
        if self._structure is not None or definition.key == form.definition.key:
            return False  # on a structure all values have been compared already
        return contradicted(definition, order, form, definitions, self._checker)


def _as_forms(term: Term, read: Mapping[str, Match]) -> Term:
    """`term` with each call of a definition in `read` replaced by a call of the form that `read` gives for it."""
    if isinstance(term, Call):
        args = tuple(_as_forms(arg, read) for arg in term.args)
        if term.key not in read:
            return Call(term.name, term.key, args, term.type)
        form, order = read[term.key]
        return Call(form.definition.name, form.definition.key, tuple(args[place] for place in order), term.type)
    changed = with_children(term, lambda child: _as_forms(child, read))
    if isinstance(changed, Partial) and changed.key in read:
        form, order = read[changed.key]
        # in another order the partial application would be a function of other arguments
        if list(order) == sorted(order):
            return replace(changed, name=form.definition.name, key=form.definition.key)
    return changed
