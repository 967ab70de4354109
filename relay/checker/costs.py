"""Records how much fuel the values of a claim cost, and forecasts the cost in larger fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from math import inf, log

from relay.checker.cases import Case
from relay.evaluation.algebra.base import Algebra


@dataclass(slots=True)
class Costs:
    """Fuel of the costliest value, by field and case."""

    known: dict[tuple[int, ...], dict[int, int]] = field(default_factory=dict)
    """The numbers of a case -> the number of elements of a field (0 for fields too large to enumerate) -> nodes."""

    def note(self, model: Algebra, case: Case, fuel: int) -> None:
        """Records the cost of a value, in nodes; the highest cost in a field and case is kept."""
        costs = self.known.setdefault(tuple(case.values()), {})
        costs[model.order or 0] = max(costs.get(model.order or 0, 1), fuel)

    def anywhere(self, case: Case) -> int:
        """Returns the highest cost of a value at a case in any field, or 0 if none is known."""
        return max(self.known.get(tuple(case.values()), {}).values(), default=0)

    def forecast(self, model: Algebra, case: Case) -> float:
        """Returns the expected cost of one value in a field, in nodes, or infinity if too little is known.

        For a statement that ranges over a type, the cost is about proportional to a power of the number of elements.
        The exponent is estimated from the fields that were tried."""
        known = sorted(self.known.get(tuple(case.values()), {}).items())
        if not known or model.order is None:
            return inf
        if model.order <= known[-1][0]:  # a larger field was tried: no need to extrapolate
            return max(cost for order, cost in known if order <= model.order or order == known[0][0])
        if len(known) < 2:
            return inf
        # Only fields that differ by a factor of 2 or more are compared: between neighbours, chance outweighs growth.
        slopes = [
            log(above / below) / log(q / max(r, 1))
            for (r, below), (q, above) in combinations(known, 2)
            if above > below and q >= 2 * r
        ]
        # the steepest growth seen, so that the forecast is rather too high than too low
        last, cost = known[-1]
        return float(cost * (model.order / max(last, 1)) ** max(slopes, default=0.0))
