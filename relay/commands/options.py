"""Arguments and options that commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relay.errors import UsageError

if TYPE_CHECKING:
    from relay.records.task import Task


def _names(group: str) -> Callable[[str], list[str]]:
    """Completes the names of what is installed."""

    def complete(incomplete: str) -> list[str]:
        from relay.components import available

        return [name for name in available(group) if name.startswith(incomplete)]

    return complete


def _models(incomplete: str) -> list[str]:
    """Completes the providers of models."""
    return [f"{name}/" for name in _names("relay.models")(incomplete.partition("/")[0])]


def _kinds(incomplete: str) -> list[str]:
    """Completes the kinds of what is installed."""
    from relay.commands.installed import KINDS

    return [kind for kind in KINDS if kind.startswith(incomplete)]


class Switch(StrEnum):
    """On or off."""

    ON = "on"
    OFF = "off"


TaskArgument = Annotated[
    str,
    typer.Argument(
        metavar="TASK",
        autocompletion=_names("relay.tasks"),
        help="A task, as `alien` or `'alien(q=5, layers=6)'`, or the path of a YAML task file.",
        show_default=False,
    ),
]


AgentOption = Annotated[
    str | None,
    typer.Option(
        autocompletion=_names("relay.agents"),
        help="Who does the research; also path/to/file.py:Name. With a model: llm; a person: human. See `relay list`.",
        show_default="explorer",
    ),
]


ModelOption = Annotated[
    str | None,
    typer.Option(
        autocompletion=_models,
        help="The language model of the agent llm, as vllm/org/name, openai/name or mock/explorer. See `relay list`.",
        show_default="RELAY_MODEL",
    ),
]


ModelOptionsOption = Annotated[
    list[str] | None,
    typer.Option("--model-option", "-M", metavar="KEY=VALUE", help="A parameter of the model; may be repeated."),
]


GrammarOption = Annotated[
    Switch | None,
    typer.Option(
        help="Whether the model's answers are decoded with a grammar, in which statements parse.", show_default="off"
    ),
]


TokensOption = Annotated[
    int | None, typer.Option(min=1, help="Tokens in and out of a researcher.", show_default="the agent's")
]


ContextOption = Annotated[
    int | None, typer.Option(min=1, help="Tokens of one prompt with its answer.", show_default="the agent's")
]


AnswerOption = Annotated[int | None, typer.Option(min=1, help="Tokens of one answer.", show_default="the agent's")]


PricesOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="What tokens cost, as YAML; then money is counted.")
]


MoneyOption = Annotated[
    float | None, typer.Option(min=0, help="What a researcher may cost, in the currency of the prices.")
]


EvaluationsOption = Annotated[
    int | None, typer.Option(min=0, help="Terms valued and statements checked.", show_default="the agent's")
]


SeedOption = Annotated[int, typer.Option("--seed", "-s", help="The trial's; the task's too, unless it has its own.")]


OutOption = Annotated[
    Path | None,
    typer.Option(help="The trial's directory. Default: named after the options, in RELAY_LOG_DIR or runs/."),
]


DirectoryArgument = Annotated[Path, typer.Argument(metavar="DIR", help="A trial's directory.", show_default=False)]


JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors (and JSON, if asked).")]


TaskSeedOption = Annotated[int, typer.Option("--seed", "-s", help="The seed that a generated task is drawn from.")]


DisguiseOption = Annotated[
    int | None,
    typer.Option(metavar="SEED", help="Rename what betrays the field (Matrix, conj, ...), as a seed draws."),
]


RevealOption = Annotated[bool, typer.Option("--reveal", help="Show what researchers never see.")]


RefereeOption = Annotated[
    bool, typer.Option("--referee", help="Ask SymPy about each claim too, at small sizes; say where it contradicts.")
]


GenerationOption = Annotated[int | None, typer.Option("--generation", "-g", min=1, help="As this generation left it.")]


WorkersOption = Annotated[
    int | None, typer.Option(min=0, help="Processes for heavy work; 0 for none. Default: one a core, at most 8.")
]


ProbeOption = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="DIR",
        help="A probe whose recall is subtracted; may be repeated. Default: those beside the trial that fit it.",
        show_default=False,
    ),
]


NoCacheOption = Annotated[bool, typer.Option("--no-cache", help="Neither look for earlier verdicts nor keep these.")]


def _task(text: str) -> str | dict[str, Any]:
    """A task's spelling; the path of a YAML file stands for the task in it."""
    if text.lower().endswith((".yaml", ".yml")):
        return {"name": "file", "parameters": {"path": text}}
    if os.path.isfile(text):  # noqa: PTH113 - `Path.is_file` fails on a text too long for a name
        raise UsageError(f"{text} is no task file: its name must end in .yaml; rename it, or give a task's name")
    return text


def _build(text: str, seed: int) -> Task:
    from relay.components import build

    built: Task = build("relay.tasks", _task(text)).build(seed)
    return built


def _count(workers: int | None) -> int:
    return min(os.cpu_count() or 1, 8) if workers is None else workers
