"""The agent that a command line asks for: a component, with what the options around it say of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from agents.models import read_model
from relay.components import find
from relay.errors import UsageError
from relay.records.record import Record
from relay.records.spec import ComponentSpec, read_options, read_spec

__all__ = ["ChosenAgent", "choose_agent"]

MODEL = "RELAY_MODEL"
"""The variable with the model that is asked when no option names one."""


class ChosenAgent(Record):
    """An agent, and the options that chose it."""

    spec: ComponentSpec
    words: str
    """As the options had it, for the name of a directory."""

    def told(self, words: str = "", **parameters: Any) -> ChosenAgent:
        """The same agent with further parameters."""
        spec = self.spec.model_copy(update={"parameters": {**self.spec.parameters, **parameters}})
        return ChosenAgent(spec=spec, words=f"{self.words} {words}".rstrip())


def choose_agent(
    agent: str | None = None,
    model: str | None = None,
    options: Sequence[str] = (),
    grammar: bool | None = None,
    disguise: int | None = None,
) -> ChosenAgent:
    """The agent that these options ask for: `options` are parameters of the model, as `key=value`; `grammar` says
    whether it decodes with one; `disguise` is a seed. None leaves each to the agent. `UsageError` names an option that
    fits no such agent."""
    chosen = _asked(agent, model, options)
    name = chosen.spec.name
    if grammar is not None:
        if name != "llm":
            raise UsageError(f"--grammar is for language models, and the agent is `{name}`; give --model too")
        chosen = chosen.told("grammar" if grammar else "", grammar=grammar)
    if disguise is not None:
        if "disguise" not in find("relay.agents", name).model_fields:
            raise UsageError(
                f"--disguise renames words, and the agent `{name}` reads none; take one that reads words, "
                "as llm or human"
            )
        chosen = chosen.told(f"disguise{disguise}", disguise=disguise)
    return chosen


def _asked(agent: str | None, model: str | None, options: Sequence[str]) -> ChosenAgent:
    """The agent with the model that it is asked to be."""
    spec = read_spec(agent or ("llm" if model else "explorer"))
    if model is not None and "model" not in find("relay.agents", spec.name).model_fields:
        raise UsageError(
            f"--model is for language models, and the agent is `{spec.name}`; leave --agent out, or give --agent llm"
        )
    surrounding = False
    if spec.name == "llm" and model is None and "model" not in spec.parameters:
        model = os.environ.get(MODEL)
        if not model:
            raise UsageError(f"the agent `llm` needs a model: give --model provider/name, or set {MODEL}")
        surrounding = True
    if model is None:
        if options:
            raise UsageError("-M sets a parameter of a model, and there is none; give --model provider/name")
        return ChosenAgent(spec=spec, words=agent or "explorer")
    given = read_options(options)
    try:
        named = read_model(model, given)
    except UsageError as error:
        if not surrounding:
            raise
        raise UsageError(f"{MODEL}: {error}") from error
    return ChosenAgent(spec=spec, words=agent or "llm").told(" ".join([model, *options]), model=named.model_dump())
