"""The stages of each kind of claim, about in the order of their cost. `docs/checker.md` prints these tables.

The order matters: fields are drawn when a stage first uses them, so another order draws other fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from relay.checker.reading import terms_of
from relay.checker.stages import case_choices as cases
from relay.checker.stages import conditions as when
from relay.checker.stages import field_choices as fields
from relay.checker.stages import reasoning
from relay.checker.stages.inquiry import FEW, Inquiry
from relay.checker.stages.stage import Amount, ExploringStage, ReasoningStage, SearchStage, StageTable
from relay.evaluation.algebra.structure import Structure
from relay.notation.dependencies import ranges_over_fields
from relay.notation.syntax import Claim, Definition

EXHAUST = 100_000
"""If there are at most so many values in a model at a case, all are tried."""
EXHAUST_FEW = 4096
"""The limit in place of `EXHAUST` in fields that are tried because of something in the claim: there may be many such
fields."""
AUDITED = 4
"""A claim that was proved at all sizes is still evaluated at so many cases."""
LANES = 16
"""The number of values in a large field."""
ASKED_LANES = 128
"""The number of values in a field that is tried because of something in the claim."""
SMALL_LANES = 256
"""The number of values in a small field, for claims that range over a type."""
MANY = 512
"""The number of values in a field that is so small that a random value satisfies an equation now and then."""
BUILT = 192
"""The number in place of `MANY` if values are built to satisfy the hypothesis: then fewer are enough."""
EXPLORE_FUEL = 8_000
"""Nodes that one value may cost at larger sizes."""
ORDERED_FUEL = 4_000
"""Nodes that one value may cost at larger sizes, over the reals and the complexes."""
BUILT_LANES, BUILT_FUEL = 192, 20_000
"""The number of values that are built at a larger size, and the nodes that one may cost."""
RANGING_FUEL = 60_000
"""Nodes that a value in larger fields may cost for a statement that ranges over a type."""
CHEAP_FUEL = 4_000
"""Nodes that a value may cost in each of many prime fields."""
AFFORDABLE = 400_000
"""Nodes that a value in further small fields may cost, according to the forecast, if the statement ranges over a
type."""


def _twice_the_marks(inquiry: Inquiry) -> int:
    """two for each marked number, if there is one case"""
    return 0 if inquiry.reading.dims else 2 * len(inquiry.marks)


def _ordered(values: int, least: Callable[[Inquiry], int] | None = None) -> Amount:
    """Returns an amount of `values` values: 3 times as many for claims with a hypothesis, 8 times as many for claims of
    one case, and 24 times as many for claims of one case with a hypothesis."""
    exceptions = (
        (when.conditional_of_one_case, 24 * values),
        (when.of_one_case, 8 * values),
        (when.conditional, 3 * values),
    )
    return Amount(values, exceptions, least=least)


_CONDITIONAL = Amount(LANES, ((when.conditional, 3 * LANES),))
_MANY = Amount(MANY, ((when.building, BUILT),))
_ASKED = Amount(ASKED_LANES)

STRUCTURE = StageTable(
    "in a task that gives a structure",
    steady=False,
    stages=(SearchStage("structure", fields.the_structure, cases.every_case, Amount(4096), exhaust=EXHAUST),),
)

FIELDS = StageTable(
    "over fields",
    stages=(
        SearchStage("small integers", fields.rationals, cases.base, Amount(12), most=FEW, when=when.conditional),
        # A proved claim is still evaluated for a few values. The proof and the evaluator share nothing but the terms,
        # so a fault in one of them shows.
        ReasoningStage("proof", reasoning.seek_proof, when.nothing_ran_out),
        SearchStage(
            "audit", fields.audit_fields, cases.base, Amount(LANES // 2, ((when.conditional, 3 * LANES),)),
            most=AUDITED, exhaust=512, when=when.proved,
        ),
        SearchStage(
            "audit", fields.smallest, cases.base, Amount(512), most=FEW, exhaust=EXHAUST, when=when.proved_unsatisfied
        ),
        ReasoningStage("all sizes", reasoning.accept_proof, when.proved_satisfied),
        ReasoningStage("identities", reasoning.seek_identities, when.nothing_ran_out),
        SearchStage(
            "small integers", fields.rationals, cases.base_unshown, Amount(12), most=FEW, when=when.unconditional
        ),
        ReasoningStage("polynomial identity", reasoning.note_identities, when.shown),
        SearchStage("large fields", fields.large_and_square, cases.unshown, _CONDITIONAL, build=True),
        SearchStage("large fields", fields.large_alone, cases.unshown, _CONDITIONAL, most=FEW),
        SearchStage("small fields", fields.smallest, cases.exhausted, _MANY, exhaust=EXHAUST, build=True),
        SearchStage(
            "further fields", fields.further, cases.open_cases, Amount(256, ((when.building, BUILT),)),
            exhaust=1024, build=True, when=when.is_open,
        ),
        SearchStage("middle fields", fields.middle, cases.open_cases, _MANY, when=when.is_open),
        SearchStage(
            "divisors", fields.dividing, cases.open_cases, _ASKED, exhaust=EXHAUST_FEW, when=when.is_open
        ),
        SearchStage(
            "resultants", fields.meeting, cases.open_cases, _ASKED, exhaust=EXHAUST_FEW, when=when.is_open
        ),
        SearchStage("roots", fields.at_roots, cases.open_spread, Amount(512), exhaust=EXHAUST_FEW, when=when.is_open),
        SearchStage(
            "roots", fields.at_roots_in_squares, cases.open_spread, _ASKED, exhaust=EXHAUST_FEW, when=when.is_open
        ),
        SearchStage(
            "exponents", fields.with_roots_of_unity, cases.open_spread, _ASKED, exhaust=EXHAUST_FEW, when=when.is_open
        ),
        ReasoningStage("untried", reasoning.note_untried_characteristics, when.is_open),
        ExploringStage(
            "larger sizes", fields.large_and_square, cases.larger_unshown, Amount(LANES // 2), EXPLORE_FUEL,
            when=when.not_building,
        ),
        ExploringStage(
            "larger sizes", fields.large_and_two, cases.larger_possible, Amount(BUILT_LANES), BUILT_FUEL,
            when=when.building,
        ),
        # These come late, because building values in extensions takes most of the budget.
        SearchStage(
            "extensions", fields.extended, cases.open_spread, Amount(ASKED_LANES, slow=32),
            exhaust=EXHAUST_FEW, build=True, when=when.is_open, apart=True,
        ),
        SearchStage(
            "extensions", fields.without_involution, cases.open_spread, _ASKED,
            exhaust=EXHAUST_FEW, when=when.conjugating,
        ),
        # the hypothesis may speak of one characteristic without naming it
        SearchStage(
            "many fields", fields.many_primes, cases.base_spread, Amount(256),
            exhaust=EXHAUST_FEW, when=when.unsatisfied, apart=True, until=when.satisfied_or_out,
        ),
        ReasoningStage("Schwartz-Zippel", reasoning.bound_error),
    ),
)  # fmt: skip

RANGING = StageTable(
    "over fields, ranging over a type with scalars in it",
    steady=False,
    stages=(
        SearchStage(
            "small fields", fields.two_and_three, cases.every_case, Amount(SMALL_LANES), exhaust=EXHAUST
        ),
        SearchStage("small fields", fields.four, cases.up_to_two, Amount(SMALL_LANES), exhaust=EXHAUST),
        SearchStage(
            "further fields", fields.further, cases.up_to_two, Amount(64), apart=True, affordable=AFFORDABLE
        ),
        SearchStage("divisors", fields.small_dividing, cases.up_to_two, Amount(64)),
        ReasoningStage("untried", reasoning.note_untried_characteristics),
        # Whether a constant is a square or a cube differs from one prime to the next, so many primes are tried.
        ExploringStage(
            "many fields", fields.many_ranged, cases.first_two, Amount(8), CHEAP_FUEL,
            when=when.naming_scalars, apart=True, stops=True,
        ),
        ExploringStage(
            "extensions", fields.asked_ranged, cases.all_up_to_two, Amount(16), RANGING_FUEL,
            when=when.nothing_ran_out, apart=True, affordable=RANGING_FUEL, unpassed=reasoning.leave_asked_untried,
        ),
        ExploringStage(
            "larger fields", fields.large_ranged, cases.narrow, Amount(LANES), RANGING_FUEL,
            when=when.nothing_ran_out, apart=True, affordable=RANGING_FUEL, unpassed=reasoning.leave_degree_untried,
        ),
    ),
)  # fmt: skip

ORDERED = StageTable(
    "over the reals and the complexes",
    infinite=True,
    stages=(
        SearchStage("small integers", fields.with_small_elements, cases.base, _ordered(24), most=FEW),
        ReasoningStage("proof", reasoning.seek_proof, when.nothing_ran_out),
        SearchStage("audit", fields.without_root, cases.base, _ordered(12), most=FEW, when=when.proved),
        ReasoningStage("all sizes", reasoning.accept_proof, when.proved_satisfied),
        ReasoningStage("identities", reasoning.seek_identities, when.nothing_ran_out),
        ReasoningStage("polynomial identity", reasoning.note_identities, when.shown),
        SearchStage("rationals", fields.without_root, cases.unshown, _ordered(24)),
        SearchStage("marks", fields.near_marks, cases.unshown, _ordered(24, _twice_the_marks), most=FEW),
        SearchStage("roots", fields.at_turning_points, cases.unshown, _ordered(12), most=FEW),
        ReasoningStage("untried", reasoning.note_untried_roots),
        SearchStage("square roots", fields.with_square_roots, cases.unshown, _ordered(24)),
        ExploringStage("larger sizes", fields.without_root, cases.larger_sizes, Amount(4), ORDERED_FUEL),
    ),
)

TABLES = (STRUCTURE, FIELDS, RANGING, ORDERED)


def table_for(claim: Claim, definitions: Mapping[str, Definition], structure: Structure | None) -> StageTable:
    """Returns the table for a claim's kind. `structure` is the structure that the task gives, or None."""
    if structure is not None:
        return STRUCTURE
    if claim.over != "fields":
        return ORDERED
    return RANGING if ranges_over_fields(terms_of(claim), definitions) else FIELDS
