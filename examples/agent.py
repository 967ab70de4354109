"""A researcher that needs no model: it guesses. `relay run alien --agent examples/agent.py:Guesser -g 3`"""

import json

from pydantic import Field

from relay.researcher import Agent, Answer


class Guesser(Agent):
    """States random terms over what is given, and has them written into the notes."""

    guesses: int = Field(default=4, ge=1, le=16)
    """Definitions in one answer."""

    async def answer(self, view, turn):
        """The next answer: a text that holds actions as JSON. All randomness comes from `turn.rng`."""
        sorts = [sort.name for sort in view.observation.given.sorts]
        actions = []
        for number in range(self.guesses if sorts else 0):
            sort = sorts[int(turn.rng.integers(len(sorts)))]
            term = self.term(view.observation.given.operations, sort, turn.rng, depth=3)
            source = f"define guess{view.turn}_{number}(x: {sort}, y: {sort}) -> {sort} = {term}"
            actions.append({"action": "state", "source": source, "record": True, "remark": "A guess."})
        return Answer(text=json.dumps({"actions": actions or [{"action": "end"}]}))

    def term(self, operations, sort, rng, depth):
        """A random term of `sort` in x and y."""
        fitting = [each for each in operations if each.result == sort and set(each.parameters) == {sort}]
        if not fitting or not depth or rng.random() < 0.3:
            return "xy"[int(rng.integers(2))]
        operation = fitting[int(rng.integers(len(fitting)))]
        inside = (self.term(operations, sort, rng, depth - 1) for _ in operation.parameters)
        return f"{operation.name}({', '.join(inside)})"
