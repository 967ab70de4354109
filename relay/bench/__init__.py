"""The bench: the metered, batched valuation of candidate terms; the only way in which a policy evaluates anything.

One evaluation is one term valued on all of a task's public points. `Bench` is the engine's side and what a desk hands
to an agent; `LocalBench` is what a search function gets in its worker; the meter lives with the engine's allowance.
"""

from relay.bench.arrays import Arrays, Stack
from relay.bench.bench import Bench, LocalBench, Search
from relay.bench.meter import AllowanceError, Meter
from relay.bench.points import Shape
from relay.bench.rows import Function, Rows

__all__ = ["AllowanceError", "Arrays", "Bench", "Function", "LocalBench", "Meter", "Rows", "Search", "Shape", "Stack"]
