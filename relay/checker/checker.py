"""From a statement to a verdict.

If a claim has one case and no hypothesis, and an identity or a small counterexample settles it, the verdict follows at
once (`relay.checker.quick`). Any other claim is read (`relay.checker.reading`) and goes through the stages in the table
of its kind (`relay.checker.stages`); then the findings decide (`relay.checker.decision`). The verdict is a function of
the canonical statement, the definitions that it rests on, the task and `CHECKER`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from relay.checker.cases import dimensions
from relay.checker.decision import decide
from relay.checker.quick import settle
from relay.checker.reading import ClaimReading, read_claim
from relay.checker.sampling.construction import constructor
from relay.checker.search.counterexamples import CounterexampleSearch
from relay.checker.search.sampler import Sampler
from relay.checker.search.satisfying import SatisfyingValues
from relay.checker.search.tally import Tally
from relay.checker.stages.inquiry import Inquiry
from relay.checker.stages.running import run_stages
from relay.checker.stages.tables import RANGING, table_for
from relay.checker.verdict import Verdict, by_machine, without_memory
from relay.evaluation.algebra.structure import Structure, structure_of
from relay.notation.model_classes import misplaced
from relay.notation.syntax import Claim, Definition, Statement
from relay.records.status import Status
from relay.records.task import Given
from relay.seeds import content_generator

CHECKER = 4
"""The version of the checker. Raise it with every change that may change a verdict: cached verdicts depend on it, and
so do the random fields in which a claim is tried."""


class Checker:
    """Judges statements about what one task gives."""

    def __init__(self, given: Given) -> None:
        self._structure = structure_of(given) if not given.scalars else None

    def judge(self, statement: Statement, definitions: Mapping[str, Definition]) -> Verdict:
        """Returns the verdict on a well-formed statement.

        `definitions` holds, by key, every definition that the statement rests on. No statement makes this method
        raise. If the process runs out of memory or stack, the verdict is `undecided` and its reason says so (see
        `Verdict.of_machine`)."""
        if isinstance(statement, Definition):
            return Verdict(status=Status.DEFINED, message="defined")
        try:
            return self._judge_claim(statement, definitions)
        except MemoryError:
            return without_memory()
        except RecursionError:
            return by_machine("out of stack")

    def _judge_claim(self, claim: Claim, definitions: Mapping[str, Definition]) -> Verdict:
        wrong = misplaced(claim, definitions)
        if wrong is not None:
            return Verdict(status=Status.ILL_FORMED, message=f"ill_formed: {wrong}")
        # `settle` knows fields only, and its points need no hypothesis to satisfy
        if self._structure is None and claim.over == "fields" and claim.hypothesis is None:
            settled = None if dimensions(claim.parameters, claim.sizes) else settle(claim, definitions)
            if settled is not None:
                return settled.verdict
        return decide(self._inquire(claim, definitions))

    def _inquire(self, claim: Claim, definitions: Mapping[str, Definition]) -> Inquiry:
        """Runs the stages for a claim and returns what they found."""
        reading, rng = begun(claim, definitions, self._structure)
        table = table_for(claim, definitions, self._structure)
        sampler = Sampler(claim, constructor(claim, definitions), reading.fillings)
        tally = Tally(satisfying=SatisfyingValues(sampled=table.infinite))
        search = CounterexampleSearch(claim, definitions, sampler, tally, table.steady)
        inquiry = Inquiry(reading, search, rng, self._structure, table is RANGING)
        run_stages(table, inquiry)
        return inquiry


def begun(
    claim: Claim, definitions: Mapping[str, Definition], structure: Structure | None
) -> tuple[ClaimReading, np.random.Generator]:
    """Returns what the checker reads in a claim, and the generator from which it draws what follows."""
    # Seeded by the claim's hash: nobody can know the drawn fields before the claim is written.
    rng = content_generator(claim.key, CHECKER, "models")
    return read_claim(claim, definitions, structure, rng), rng
