"""The claim that a definition agrees with a form. If the checker refutes it, there is no agreement.

Sampling (`relay.scoring.credit.agreement`) draws values for the form. The checker also reads the bodies of both: it
tries their constants, the characteristics in which differences of constants vanish, and the sizes at which a computed
number passes a bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from relay.checker.checker import Checker
from relay.notation.canonical import canonical_claim, content_key
from relay.notation.syntax import (
    BOOL,
    NAT,
    SCALAR,
    Apply,
    Call,
    Choice,
    Claim,
    Comprehension,
    Definition,
    Generator,
    MatrixType,
    Numeral,
    Partial,
    Range,
    ScalarType,
    Term,
    Type,
    Variable,
    VectorType,
)
from relay.notation.traversal import type_terms, walk
from relay.records.status import Reason, Status
from relay.scoring.theory import CheckedForm

INDICES = ("row'", "column'")
"""Names for index variables. They can't occur in a text, so they are different from all names in a definition."""


def contradicted(
    definition: Definition,
    order: Sequence[int],
    form: CheckedForm,
    definitions: Mapping[str, Definition],
    checker: Checker,
) -> bool:
    """Whether the checker contradicts that the definition, with its parameters taken in `order`, agrees with the form.

    It does in three cases: at some value of the form's domain the two differ; at some such value only the form has a
    value; or a constant can't be tried. If the form declares the symmetry `sign`, the two may differ by a sign, which
    must be the same everywhere. For other symmetries the result is False: they are left to sampling.
    """
    if form.symmetry not in (None, "sign"):
        return False
    signs = (False,) if form.symmetry is None else (False, True)
    return all(_differs(definition, order, form, negative, definitions, checker) for negative in signs)


def _differs(
    definition: Definition,
    order: Sequence[int],
    form: CheckedForm,
    negative: bool,
    definitions: Mapping[str, Definition],
    checker: Checker,
) -> bool:
    # First without the hypothesis that the form has a value: usually it always has one, and the claim is simpler.
    for defined in (False, True):
        claim = agreement(definition, form, defined, order, negative)
        verdict = checker.judge(claim, definitions)
        if verdict.status is Status.UNDECIDED:
            return verdict.reason is not Reason.RAN_OUT  # else a constant is out of reach
        if verdict.status is not Status.UNDEFINED:
            return verdict.status is Status.REFUTED
    return True  # the definition is undefined at a value where the form is defined


def agreement(
    definition: Definition, form: CheckedForm, defined: bool, order: Sequence[int] = (), negative: bool = False
) -> Claim:
    """The claim that `definition` and `form` have the same value everywhere in the form's domain.

    With `defined`, the claim speaks only of values at which the form has a value. With `negative`, it says that the
    values differ in sign. `order` gives for each parameter of the form the position of the definition's parameter; by
    default the positions are the same.
    """
    right = form.definition
    arguments = tuple(Variable(p.name, p.type) for p in right.parameters)
    order = order or range(len(arguments))
    placed = tuple(arguments[order.index(place)] for place in range(len(arguments)))
    expected = Call(right.name, right.key, arguments, right.result)
    found = Call(definition.name, definition.key, placed, right.result)
    hypotheses: list[Term] = [] if form.domain is None else [form.domain.body]
    if defined:
        # an equation is undefined where a side is: as a hypothesis it holds exactly where the form has a value
        hypotheses.append(Apply("eq", (expected, expected), BOOL))
    hypothesis = hypotheses[0] if hypotheses else None
    if len(hypotheses) == 2:
        hypothesis = Choice("and", tuple(hypotheses), BOOL)
    body = Apply("eq", (found, _negated(expected, right.result) if negative else expected), BOOL)
    terms = [body] if hypothesis is None else [hypothesis, body]
    called = sorted({term.key for outer in terms for term in walk(outer) if isinstance(term, Call | Partial)})
    canonical = canonical_claim("fields", right.parameters, right.sizes, hypothesis, body)
    return Claim(
        name=None,
        over="fields",
        parameters=right.parameters,
        sizes=right.sizes,
        hypothesis=hypothesis,
        body=body,
        source=f"claim: {definition.source}",
        rests_on=tuple((key, key) for key in called),  # keys as names: both definitions may have the same name
        key=content_key(canonical),
        nodes=0,
    )


def _negated(term: Term, type_: Type) -> Term:
    """A term for `-term`; `type_` is the type of `term`, a scalar, vector or matrix."""
    if isinstance(type_, ScalarType):
        return Apply("neg", (term,), SCALAR)
    places = [Variable(name, NAT) for name, _ in zip(INDICES, type_terms(type_), strict=False)]
    kind, entry = ("vector", "component") if isinstance(type_, VectorType) else ("matrix", "entry")
    assert isinstance(type_, VectorType | MatrixType)
    body = Apply("neg", (Apply(entry, (term, *places), SCALAR),), SCALAR)
    return Comprehension(kind, body, tuple(_clauses(places, type_)), type_)


def _clauses(places: Sequence[Variable], type_: Type) -> Iterator[Generator]:
    for place, size in zip(places, type_terms(type_), strict=True):
        yield Generator(place, Range(Numeral(0, NAT), size))
