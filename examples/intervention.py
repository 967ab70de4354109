"""An intervention: chatter. `relay run alien --intervention examples/intervention.py:Chatter -g 3`"""

from relay.trial.interventions.intervention import Intervention


class Chatter(Intervention):
    """A control: the notes get one more definition after each generation, which is true and of no use."""

    name: str = "chatter"
    """What the definitions are called; a number follows."""

    async def intervene(self, desk):
        """Act at the end of a generation. Whatever is written is checked and logged first."""
        for operation in desk.given.operations:
            sort = operation.result
            if set(operation.parameters) != {sort}:
                continue
            inside = ", ".join("x" for _ in operation.parameters)
            source = f"define {self.name}{desk.generation}(x: {sort}) -> {sort} = {operation.name}({inside})"
            examined = await desk.examined(source, {})
            if examined is not None and desk.write(examined, "useless", told=True):
                return
