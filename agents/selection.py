"""The agent that a command line chooses: a component, with the parameters that the options give it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from agents.models import read_model
from relay.components import find
from relay.errors import UsageError
from relay.records.marks import is_transport
from relay.records.record import Record
from relay.records.spec import ComponentSpec, read_options, read_spec

__all__ = ["ChosenAgent", "choose_agent"]

MODEL = "RELAY_MODEL"
"""The environment variable that names the model if no option does."""


class ChosenAgent(Record):
    """An agent, and the options that chose it."""

    spec: ComponentSpec
    words: str
    """The choice in the words of the options, for the name of a directory."""

    def told(self, words: str = "", **parameters: Any) -> ChosenAgent:
        """Return the agent with further parameters; `words` describes them in the name of a directory."""
        spec = self.spec.model_copy(update={"parameters": {**self.spec.parameters, **parameters}})
        return ChosenAgent(spec=spec, words=f"{self.words} {words}".rstrip())


def choose_agent(
    agent: str | None = None,
    model: str | None = None,
    options: Sequence[str] = (),
    grammar: bool | None = None,
    disguise: int | None = None,
) -> ChosenAgent:
    """Return the agent that the options choose.

    `options` are parameters of the model, as `key=value`; `grammar` says whether answers are decoded with a grammar;
    `disguise` is a seed. If one of them is None, the agent's default applies. Raises `UsageError` if an option does not
    fit the agent.
    """
    chosen = _asked(agent, model, options)
    name = chosen.spec.name
    if grammar is not None:
        if name != "llm":
            raise UsageError(f"--grammar is for language models, and the agent is `{name}`; give --model too")
        chosen = chosen.told("grammar" if grammar else "", grammar=grammar)
    if disguise is not None:
        if "disguise" not in find("relay.agents", name).model_fields:
            raise UsageError(
                f"--disguise renames words, and the agent `{name}` does not read words; give --agent llm, human or "
                "process"
            )
        chosen = chosen.told(f"disguise{disguise}", disguise=disguise)
    return chosen


def _asked(agent: str | None, model: str | None, options: Sequence[str]) -> ChosenAgent:
    """Return the agent with its model. Without `agent`, a model chooses `llm`, and no model chooses the explorer."""
    spec = read_spec(agent or ("llm" if model else "explorer"))
    if model is not None and "model" not in find("relay.agents", spec.name).model_fields:
        raise UsageError(
            f"--model is for language models, and the agent is `{spec.name}`; leave --agent out, or give --agent llm"
        )
    # Whether the environment named the model: then an error about the model names the variable.
    surrounding = False
    if spec.name == "llm" and model is None and "model" not in spec.parameters:
        model = os.environ.get(MODEL)
        if not model:
            raise UsageError(f"the agent `llm` needs a model: give --model provider/name, or set {MODEL}")
        surrounding = True
    if model is None:
        if options:
            raise UsageError("-M sets a parameter of a model, and no model is given; give --model provider/name")
        return ChosenAgent(spec=spec, words=_without_transport(agent, spec) if agent else "explorer")
    given = read_options(options)
    try:
        named = read_model(model, given)
    except UsageError as error:
        if not surrounding:
            raise
        raise UsageError(f"{MODEL}: {error}") from error
    provider = find("relay.models", named.name)
    # what changes no answer has no place in the name of a directory: the same trial stays the same
    told = [option for option in options if not is_transport(provider, option.partition("=")[0].strip())]
    return ChosenAgent(spec=spec, words=agent or "llm").told(" ".join([model, *told]), model=named.model_dump())


def _without_transport(agent: str, spec: ComponentSpec) -> str:
    """The text of an agent without its transport, which has no place in the name of a directory either."""
    kind = find("relay.agents", spec.name)
    kept = {name: value for name, value in spec.parameters.items() if not is_transport(kind, name)}
    return agent if kept == spec.parameters else str(spec.model_copy(update={"parameters": kept}))
