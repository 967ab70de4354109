"""The arguments and options that several commands share, each with its help."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from relay.commands.completion import complete_models, completing


class Switch(StrEnum):
    """The value of an option that is on or off."""

    ON = "on"
    OFF = "off"


# --- task, researcher, schemes and seed ------------------------------------------------------------------------------

TaskArgument = Annotated[
    str,
    typer.Argument(
        metavar="TASK",
        autocompletion=completing("relay.tasks"),
        help="A task, as `alien` or `'alien(q=5, layers=6)'`, or the path of a YAML task file.",
        show_default=False,
    ),
]

AgentOption = Annotated[
    str | None,
    typer.Option(
        autocompletion=completing("relay.agents"),
        help="Who does the research; also path/to/file.py:Name. With a model: llm; a person: human. See `relay list`.",
        show_default="explorer",
    ),
]

ModelOption = Annotated[
    str | None,
    typer.Option(
        autocompletion=complete_models,
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

DisguiseOption = Annotated[
    int | None,
    typer.Option(metavar="SEED", help="Rename what betrays the field (Matrix, conj, ...), as a seed draws."),
]

NotesOption = Annotated[
    str,
    typer.Option(
        autocompletion=completing("relay.notes"), help="Note scheme: none, journal or ledger, as `'ledger(cap=2000)'`."
    ),
]

MemoryOption = Annotated[
    str, typer.Option(autocompletion=completing("relay.memory"), help="Memory scheme: fresh or immortal.")
]

TruthOption = Annotated[
    str,
    typer.Option(
        autocompletion=completing("relay.truth"), help="What researchers are told of the truth: shown or hidden."
    ),
]

SeedOption = Annotated[int, typer.Option("--seed", "-s", help="The trial's; the task's too, unless it has its own.")]

TaskSeedOption = Annotated[int, typer.Option("--seed", "-s", help="The seed that a generated task is drawn from.")]

# --- the chain and the budget of a researcher ------------------------------------------------------------------------

GenerationsOption = Annotated[
    int | None, typer.Option("--generations", "-g", min=1, help="Length of the chain.", show_default="10")
]

WidthOption = Annotated[
    int | None, typer.Option(min=1, help="Researchers side by side in a generation.", show_default="1")
]

DrawsOption = Annotated[int, typer.Option("--draws", min=1, help="Researchers that are asked, each once.")]

TurnsOption = Annotated[int | None, typer.Option(min=1, help="Answers of a researcher.", show_default="the agent's")]

TokensOption = Annotated[
    int | None, typer.Option(min=1, help="Tokens in and out of a researcher.", show_default="the agent's")
]

ContextOption = Annotated[
    int | None, typer.Option(min=1, help="Tokens of one prompt with its answer.", show_default="the agent's")
]

AnswerOption = Annotated[int | None, typer.Option(min=1, help="Tokens of one answer.", show_default="the agent's")]

EvaluationsOption = Annotated[
    int | None, typer.Option(min=0, help="Terms valued and statements checked.", show_default="the agent's")
]

SecondsOption = Annotated[
    float | None,
    typer.Option(min=0.001, help="Seconds that a researcher's answers may take.", show_default="the agent's"),
]

PricesOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="What tokens cost, as YAML; then money is counted.")
]

MoneyOption = Annotated[
    float | None, typer.Option(min=0, help="What a researcher may cost, in the currency of the prices.")
]

# --- trials on disk --------------------------------------------------------------------------------------------------

DirectoryArgument = Annotated[Path, typer.Argument(metavar="DIR", help="A trial's directory.", show_default=False)]

OutOption = Annotated[
    Path | None,
    typer.Option(help="The trial's directory. Default: named after the options, in RELAY_LOG_DIR or runs/."),
]

GenerationOption = Annotated[int | None, typer.Option("--generation", "-g", min=1, help="As this generation left it.")]

ProbeOption = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="DIR",
        help="A probe whose recall is subtracted; may be repeated. Default: those beside the trial that fit it.",
        show_default=False,
    ),
]

ExportOption = Annotated[Path | None, typer.Option(help="Write each note to a file of its own in this directory.")]

# --- reports of the checker ------------------------------------------------------------------------------------------

RefereeOption = Annotated[
    bool, typer.Option("--referee", help="Ask SymPy about each claim too, at small sizes; say where it contradicts.")
]

RevealOption = Annotated[bool, typer.Option("--reveal", help="Show what researchers never see.")]

# --- how a command works ---------------------------------------------------------------------------------------------

WorkersOption = Annotated[
    int | None, typer.Option(min=0, help="Processes for heavy work; 0 for none. Default: one a core, at most 8.")
]

NoCacheOption = Annotated[bool, typer.Option("--no-cache", help="Neither look for earlier verdicts nor keep these.")]

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors (and JSON, if asked).")]
