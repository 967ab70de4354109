"""What values cost where they were tried, and what they would cost in larger fields."""

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
    """Numbers of the case -> elements of the field (0: too many to count) -> nodes."""

    def note(self, model: Algebra, case: Case, fuel: int) -> None:
        """Write down what a value cost."""
        costs = self.known.setdefault(tuple(case.values()), {})
        costs[model.order or 0] = max(costs.get(model.order or 0, 1), fuel)

    def anywhere(self, case: Case) -> int:
        """The most that a value cost at a case in any field; 0 where nothing is known."""
        return max(self.known.get(tuple(case.values()), {}).values(), default=0)

    def forecast(self, model: Algebra, case: Case) -> float:
        """About what one value would cost in a larger field, as the cost grew from one field to the next: it is a
        power of the number of elements for statements that range over types. Infinite where too little is known."""
        known = sorted(self.known.get(tuple(case.values()), {}).items())
        if not known or model.order is None:
            return inf
        if model.order <= known[-1][0]:
            return max(cost for order, cost in known if order <= model.order or order == known[0][0])
        if len(known) < 2:
            return inf
        # neighbours say little: what a value costs differs by chance from one field to the next
        slopes = [
            log(above / below) / log(q / max(r, 1))
            for (r, below), (q, above) in combinations(known, 2)
            if above > below and q >= 2 * r
        ]
        last, cost = known[-1]
        return float(cost * (model.order / max(last, 1)) ** max(slopes, default=0.0))
