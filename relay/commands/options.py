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
        help="The agent that does the research: a name from `relay list agents` (human: you), or path/to/file.py:Name. "
        "With --model the default is llm.",
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
    typer.Option("--model-option", "-M", metavar="KEY=VALUE", help="Set a parameter of the model; may be repeated."),
]

TransportOption = Annotated[
    list[str] | None,
    typer.Option(
        "--model-option",
        "-M",
        metavar="KEY=VALUE",
        help="Set a parameter of the model that changes no answer, as timeout=60 or base_url=...; may be repeated.",
    ),
]

GrammarOption = Annotated[
    Switch | None,
    typer.Option(
        help="Constrain the model's answers with a grammar, so that statements can be parsed.", show_default="off"
    ),
]

DisguiseOption = Annotated[
    int | None,
    typer.Option(metavar="SEED", help="Rename words that reveal the field (Matrix, conj, ...), drawn from this seed."),
]

NotesOption = Annotated[
    str,
    typer.Option(
        autocompletion=completing("relay.notes"),
        help="Note scheme, as `'ledger(cap=2000)'`; `relay list notes` has all.",
    ),
]

MemoryOption = Annotated[
    str,
    typer.Option(
        autocompletion=completing("relay.memory"), help="Memory: fresh, window, summary, carryover, immortal."
    ),
]

TruthOption = Annotated[
    str,
    typer.Option(
        autocompletion=completing("relay.truth"),
        help="What researchers are told of the truth: shown, hidden, delayed, judge.",
    ),
]

HandoverOption = Annotated[
    list[str] | None,
    typer.Option(
        autocompletion=completing("relay.handover"),
        help="A step between the notes and each successor, such as `'lost(p=0.2)'` or the charter "
        "`never_strike`; may be repeated, in order.",
    ),
]

InterventionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--intervention",
        autocompletion=completing("relay.interventions"),
        help="What a control writes into the notes after each generation, such as `'junk(k=16)'`; may be repeated.",
    ),
]

PersonaOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--persona",
        metavar="FILE",
        help="A text that says who a researcher is. One is for all; several go round in a generation.",
        show_default=False,
    ),
]

SeedOption = Annotated[
    int, typer.Option("--seed", "-s", help="Seed of the trial, and of the task unless it has its own.")
]

TaskSeedOption = Annotated[int, typer.Option("--seed", "-s", help="The seed that a generated task is drawn from.")]

# --- the chain and the budget of a researcher ------------------------------------------------------------------------

GenerationsOption = Annotated[
    int | None,
    typer.Option("--generations", "-g", min=1, help="Number of generations in the chain.", show_default="10"),
]

WidthOption = Annotated[
    int | None, typer.Option(min=1, help="Researchers in a generation, who work at the same time.", show_default="1")
]

DrawsOption = Annotated[int, typer.Option("--draws", min=1, help="Number of researchers, each with one turn.")]

TurnsOption = Annotated[
    int | None, typer.Option(min=1, help="Most turns of a researcher, one answer each.", show_default="the agent's")
]

TokensOption = Annotated[
    int | None,
    typer.Option(min=1, help="Most tokens of a researcher, prompts and answers together.", show_default="the agent's"),
]

ContextOption = Annotated[
    int | None, typer.Option(min=1, help="Most tokens of one prompt with its answer.", show_default="the agent's")
]

AnswerOption = Annotated[int | None, typer.Option(min=1, help="Most tokens of one answer.", show_default="the agent's")]

ReserveOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Tokens that the answer of a last turn may have at least.",
        show_default="1,024, or less in a small context",
    ),
]

EvaluationsOption = Annotated[
    int | None,
    typer.Option(min=0, help="Most terms evaluated and statements checked, together.", show_default="the agent's"),
]

SecondsOption = Annotated[
    float | None,
    typer.Option(min=0.001, help="Most seconds for all answers of a researcher.", show_default="the agent's"),
]

PricesOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A YAML file with the prices of tokens. With it, money is counted.")
]

MoneyOption = Annotated[
    float | None, typer.Option(min=0, help="Most money for a researcher, in the currency of --prices.")
]

# --- trials on disk --------------------------------------------------------------------------------------------------

DirectoryArgument = Annotated[Path, typer.Argument(metavar="DIR", help="A trial's directory.", show_default=False)]

OutOption = Annotated[
    Path | None,
    typer.Option(help="The trial's directory. Default: named after the options, in RELAY_LOG_DIR or runs/."),
]

FreshOption = Annotated[
    bool,
    typer.Option("--fresh", help="If a trial is in the directory, rename it to DIR-old-1 and so on, and begin anew."),
]

OtherVersionOption = Annotated[
    bool,
    typer.Option("--other-version", help="Go on with a trial that began under another version of relay or its parts."),
]

TrustOption = Annotated[
    bool,
    typer.Option("--trust", help="Run the Python files and commands that the trial names. Read them first, in files/."),
]

FiguresOption = Annotated[
    bool | None,
    typer.Option(
        "--figures/--no-figures",
        help="Draw the figures frontier.svg and graph.svg in the trial's directory, which takes most of a second.",
        show_default="if the result is printed on a terminal",
    ),
]

DrawOption = Annotated[bool, typer.Option("--figures", help="Draw frontier.svg and graph.svg in the directory anew.")]

GenerationOption = Annotated[int | None, typer.Option("--generation", "-g", min=1, help="The generation to show.")]

TranscriptOption = Annotated[
    bool, typer.Option("--transcript", help="Show what each researcher was shown, thought, answered and was told.")
]

PromptOption = Annotated[
    bool, typer.Option("--prompt", help="Show the messages that each researcher was sent, as it read them.")
]

TenureOption = Annotated[
    int | None,
    typer.Option("--tenure", "-t", min=1, help="The researcher of a generation, for --transcript and --prompt."),
]

ProbeOption = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="DIR",
        help="A probe to subtract; may be repeated. Default: matching probes in the trial's parent directory.",
        show_default=False,
    ),
]

ExportOption = Annotated[Path | None, typer.Option(help="Write each note to its own file in this directory.")]

# --- reports of the checker ------------------------------------------------------------------------------------------

RefereeOption = Annotated[
    bool, typer.Option("--referee", help="Check each claim with SymPy too, at small sizes, and report contradictions.")
]

RevealOption = Annotated[
    bool, typer.Option("--reveal", help="Also show concepts and laws that are hidden from researchers.")
]

# --- how a command works ---------------------------------------------------------------------------------------------

WorkersOption = Annotated[
    int | None, typer.Option(min=0, help="Processes that check and evaluate; 0: none. Default: one a core, at most 8.")
]

TrialWorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=0,
        help="Processes that check and evaluate; 0: none, and no limits of memory and time.",
        show_default="one a core, at most 8; 0 for a lone explorer in an alien theory",
    ),
]

NoCacheOption = Annotated[bool, typer.Option("--no-cache", help="Neither read nor write the cache of verdicts.")]

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors (and JSON with --json).")]
