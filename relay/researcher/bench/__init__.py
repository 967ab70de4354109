"""The bench: the metered, batched valuation of candidate terms; the only way in which a policy evaluates anything.

One evaluation is one term valued on all of a task's public points. `Bench` is the engine's side and what an agent
is given for a turn; `LocalBench` is what a search function gets in its worker; the meter lives with the engine's
allowance.
"""

from relay.researcher.bench.arrays import Arrays, Stack
from relay.researcher.bench.bench import Bench, Inline, LocalBench, Search
from relay.researcher.bench.meter import AllowanceError, Meter
from relay.researcher.bench.points import Shape
from relay.researcher.bench.rows import BenchFunction, Rows

__all__ = [
    "AllowanceError",
    "Arrays",
    "Bench",
    "BenchFunction",
    "Inline",
    "LocalBench",
    "Meter",
    "Rows",
    "Search",
    "Shape",
    "Stack",
]
