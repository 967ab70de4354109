"""The bench: the metered evaluation of many terms, in batches; the only way in which an agent computes.

One evaluation is one term on all of a task's public points. `bench` has both sides: `Bench` is the engine's, given to
an agent for a turn; `LocalBench` is what a search function gets in its worker. `rows` evaluates on a finite structure,
`arrays` on scalars and arrays at the `points`; `enumeration` lists terms by size, `laws` reads short laws off values,
and `meter` counts and refuses. What agents compute beside the bench is not seen: they are trusted code.
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
