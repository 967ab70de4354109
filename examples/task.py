"""A task that computes its theory: a clock face. `relay run examples/task.py:Clock -g 3`"""

from pydantic import Field

from relay.records.record import Record
from relay.records.task import Concept, Form, Given, Law, Operation, Phenomenon, Row, Sort, Task


class Clock(Record):
    """Hours on a clock face can be added. What two tables of numbers have to do with it is to be found."""

    hours: int = Field(default=5, ge=3, le=9)
    """The number of hours on the face."""
    seed: int | None = None
    """Seed of the theory; the trial's own if it is none. All tasks have this field."""

    def build(self, seed):
        """The task of a seed. There is nothing random in this theory, so the seed changes nothing."""
        hours = range(self.hours)
        plus = tuple(tuple((a + b) % self.hours for b in hours) for a in hours)
        return Task(
            name="clock",
            parameters={"hours": self.hours},
            brief="Hours on a clock face can be added. Explain the tables by short definitions.",
            statement_size=6,
            given=Given(
                sorts=(Sort(name="Hour", size=self.hours),),
                operations=(Operation(name="plus", parameters=("Hour", "Hour"), result="Hour", table=plus),),
            ),
            concepts=(
                Concept(
                    id="double",
                    forms=(Form(source="define double(x: Hour) -> Hour = plus(x, x)"),),
                    laws=(Law(source="claim (x: Hour, y: Hour): double(plus(x, y)) == plus(double(x), double(y))"),),
                ),
                Concept(
                    id="quadruple",
                    prerequisites=("double",),
                    forms=(Form(source="define quadruple(x: Hour) -> Hour = double(double(x))"),),
                    laws=(Law(source="claim (x: Hour): quadruple(x) == plus(x, plus(x, plus(x, x)))"),),
                ),
            ),
            phenomena=(self.table("once", "double", 2), self.table("twice", "quadruple", 4)),
        )

    def table(self, id, concept, factor):
        """A phenomenon: what becomes of each hour."""
        return Phenomenon(
            id=id,
            concept=concept,
            text="Something happens to an hour.",
            parameters=("Hour",),
            result="Hour",
            field="structure",
            rows=tuple(Row(inputs=(a,), output=factor * a % self.hours) for a in range(self.hours)),
        )
