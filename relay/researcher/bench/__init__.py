"""The bench: metered evaluation of many terms in batches; the only way for an agent to compute values.

One evaluation is one term on all of a task's public points. `bench` has two sides: an agent gets `Bench` from the
engine for a turn, and a search function gets `LocalBench` in its worker. `rows` evaluates on a finite structure, where
equality and `connectives` are functions too, `arrays` on scalars and arrays at the `points`, where calls are
`remembered`. `enumeration` lists terms by size, `laws` reads short laws off values, and `meter` counts and refuses.
Computation outside the bench is not noticed: agents are trusted code.
"""

from relay.researcher.bench.arrays import Arrays, Stack
from relay.researcher.bench.bench import Bench, Inline, LocalBench, Reach, Search
from relay.researcher.bench.function import BenchFunction
from relay.researcher.bench.meter import AllowanceError, Meter
from relay.researcher.bench.points import Shape
from relay.researcher.bench.rows import Rows

__all__ = [
    "AllowanceError",
    "Arrays",
    "Bench",
    "BenchFunction",
    "Inline",
    "LocalBench",
    "Meter",
    "Reach",
    "Rows",
    "Search",
    "Shape",
    "Stack",
]
