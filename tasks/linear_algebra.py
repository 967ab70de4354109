"""Linear algebra, to be invented from scalars and arrays. The theory is in `linear_algebra.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from relay.records.record import Record
from relay.records.task import Task
from tasks.files import read_task_file, resolve

PATH = Path(__file__).with_name("linear_algebra.yaml")


class LinearAlgebra(Record):
    """A fixed theory with two briefs."""

    brief: Literal["blind", "problems"] = "blind"
    """`blind`: nothing to explain is shown; `problems`: unnamed behaviours are shown as worked examples."""
    seed: int | None = None
    """Ignored: the theory is the same for every seed. All tasks have this field."""

    def build(self, seed: int) -> Task:
        """The task with the chosen brief."""
        return resolve(read_task_file(PATH), PATH.name, self.brief, {"brief": self.brief})
