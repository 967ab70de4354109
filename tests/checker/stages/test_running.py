"""The stages of a table are run as its rows say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from relay.checker.checker import CHECKER as VERSION
from relay.checker.reading import read_claim
from relay.checker.search.counterexamples import CounterexampleSearch
from relay.checker.search.sampler import Sampler
from relay.checker.search.tally import Tally
from relay.checker.stages import case_choices as cases
from relay.checker.stages import field_choices as fields
from relay.checker.stages.inquiry import Inquiry
from relay.checker.stages.running import run_stages
from relay.checker.stages.stage import Amount, ExploringStage, ReasoningStage, SearchStage, Stage, StageTable
from relay.checker.stages.tables import FIELDS, ORDERED, RANGING, STRUCTURE, table_for
from relay.evaluation.algebra.structure import Structure
from relay.notation.syntax import Claim
from relay.seeds import content_generator
from tests.checker.corpus import DEFINITIONS, judge, read
from tests.contract.asking import GROUP

CLAIMS = {
    "claim (A: Matrix[n, n]) where mul(A, A) == scale(0, A): trace(A) == 0": FIELDS,
    "claim (x: Scalar, k: Nat): x ** k == (x ** k if k < 8 else 0)": FIELDS,
    "claim (A: Matrix[n, n]): trace(transpose(A)) == trace(A)": FIELDS,
    "claim (v: Vector[n]): in_span(v, [v])": RANGING,
    "claim over reals (u: Vector[n]): dot(u, u) == 0 or not zero(u)": ORDERED,
}


def claim(source: str) -> Claim:
    statement = read(source)
    assert isinstance(statement, Claim)
    return statement


@pytest.mark.parametrize("source", CLAIMS)
def test_the_evidence_follows_the_table_of_the_claim(source: str) -> None:
    table = CLAIMS[source]
    assert table_for(claim(source), DEFINITIONS, None) is table
    left = [stage.name for stage in table.stages]
    for record in judge(source).evidence:
        if "exact" in record:  # the witness as it was found, after all rows
            continue
        while left and left[0] != record["stage"]:  # several records may be of one row
            left.pop(0)
        assert left, record


def test_a_structure_has_a_table_of_its_own() -> None:
    source = "claim (x: Scalar): x == x"
    assert table_for(claim(source), DEFINITIONS, Structure(GROUP)) is STRUCTURE


def ran(*stages: Stage, source: str = "claim (A: Matrix[n, n]): trace(A) == trace(transpose(A))") -> Inquiry:
    """Returns the findings of these stages alone."""
    made = claim(source)
    rng = content_generator(made.key, VERSION, "models")
    reading = read_claim(made, DEFINITIONS, None, rng)
    inquiry = Inquiry(reading, CounterexampleSearch(made, DEFINITIONS, Sampler(made), Tally(), steady=True), rng)
    run_stages(StageTable("of a test", stages), inquiry)
    return inquiry


SMALL = SearchStage("small fields", fields.smallest, cases.base, Amount(5))


def test_fields_are_tried_together_or_apart() -> None:
    together, apart = ran(SMALL).tally, ran(replace(SMALL, apart=True)).tally
    assert [record["models"] for record in together.evidence] == [["GF(2)", "GF(3)", "GF(4)"]]
    assert [record["models"] for record in apart.evidence] == [["GF(2)"], ["GF(3)"], ["GF(4)"]]
    assert together.evidence[0]["values"] == sum(record["values"] for record in apart.evidence) == 3 * 3 * 5


def test_a_stage_ends_where_it_says() -> None:
    once = replace(SMALL, apart=True, until=lambda inquiry: True)
    assert len(ran(once).tally.evidence) == 1
    assert ran(replace(SMALL, when=lambda inquiry: False)).tally.evidence == []


def test_what_exploring_meets_counts_for_counterexamples_only() -> None:
    explored = ExploringStage("larger sizes", fields.smallest, cases.larger_sizes, Amount(4), fuel=1)
    tally = ran(explored).tally
    assert tally.evidence == [{"stage": "larger sizes", "models": ["GF(2)", "GF(3)", "GF(4)"], "cases": 0}]
    assert (tally.ran_out, tally.satisfying.count) == ("", 0)
    wrong = "claim (v: Vector[n]): n < 4"
    assert ran(replace(explored, fuel=1000), source=wrong).tally.refutation is not None


def test_nothing_follows_a_counterexample() -> None:
    stages = (SMALL, ReasoningStage("never", lambda inquiry: pytest.fail("the claim is refuted")))
    assert ran(*stages, source="claim (A: Matrix[n, n]): trace(A) == 0").tally.refutation is not None
