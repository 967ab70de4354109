"""The `relay` command: one subcommand for each thing that a user does.

Importing this module is cheap, so that `relay --help` and completion feel instant: whatever computes is imported by the
command that needs it. Exit status: 0 done; 1 a statement that is not accepted or defined, or a task that fails its
check; 2 unusable input, told in one line; 130 stopped by Ctrl-C. Results go to standard output, all else to standard
error.
"""

from __future__ import annotations

import asyncio
import io
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

import relay.commands.check  # adds itself to the app
import relay.commands.list
import relay.commands.task  # noqa: F401
from relay.commands.app import app
from relay.commands.cache import _cache
from relay.commands.options import (
    AgentOption,
    AnswerOption,
    ContextOption,
    DirectoryArgument,
    DisguiseOption,
    EvaluationsOption,
    GenerationOption,
    GrammarOption,
    JsonOption,
    ModelOption,
    ModelOptionsOption,
    MoneyOption,
    NoCacheOption,
    OutOption,
    PricesOption,
    ProbeOption,
    QuietOption,
    SeedOption,
    Switch,
    TaskArgument,
    TokensOption,
    WorkersOption,
    _count,
    _names,
    _task,
)
from relay.commands.output import _print, _print_json, _say
from relay.errors import UsageError

if TYPE_CHECKING:
    from agents.selection import Chosen
    from analysis.probe import Probed
    from analysis.trials import Trial
    from relay.records.condition import Condition
    from relay.records.prices import PriceTable


DRAWS = 4
"""Researchers that `relay probe` asks."""
MISUSED: type[Exception] = typer.BadParameter.__mro__[2]
"""What typer raises for words that fit no command: the base of its own errors, wherever this version keeps it."""


def main() -> None:
    """Run the command line; what the user can mend becomes one line and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a character shows `?` instead of it
            stream.reconfigure(errors="replace")
    try:
        sys.exit(app(prog_name="relay", standalone_mode=False))
    except UsageError as error:
        _fail(str(error))
    except MISUSED as error:
        _misused(error)
    except typer.Abort:
        _say("stopped")
        sys.exit(130)
    except BrokenPipeError:  # the reader of the output left: nothing to tell, and nothing to flush at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _fail(f"{error.filename or 'the system'}: {error.strerror or error}; make room or mend the permissions there")


# --- trials ----------------------------------------------------------------------------------------------------------


@app.command(
    epilog="Examples: relay run 'alien(q=5, layers=6)' --notes none --seed 3\n\n"
    "relay run linear_algebra --model openai/my-model --disguise 1"
)
def run(
    task: TaskArgument,
    agent: AgentOption = None,
    model: ModelOption = None,
    options: ModelOptionsOption = None,
    grammar: GrammarOption = None,
    disguise: DisguiseOption = None,
    notes: Annotated[
        str,
        typer.Option(
            autocompletion=_names("relay.notes"), help="Note scheme: none, journal or ledger, as `'ledger(cap=2000)'`."
        ),
    ] = "ledger",
    memory: Annotated[
        str, typer.Option(autocompletion=_names("relay.memory"), help="Memory scheme: fresh or immortal.")
    ] = "fresh",
    truth: Annotated[
        str,
        typer.Option(
            autocompletion=_names("relay.truth"), help="What researchers are told of the truth: shown or hidden."
        ),
    ] = "shown",
    generations: Annotated[
        int | None, typer.Option("--generations", "-g", min=1, help="Length of the chain.", show_default="10")
    ] = None,
    width: Annotated[
        int | None, typer.Option(min=1, help="Researchers side by side in a generation.", show_default="1")
    ] = None,
    turns: Annotated[
        int | None, typer.Option(min=1, help="Answers of a researcher.", show_default="the agent's")
    ] = None,
    tokens: TokensOption = None,
    context: ContextOption = None,
    answer: AnswerOption = None,
    evaluations: EvaluationsOption = None,
    seconds: Annotated[
        float | None,
        typer.Option(min=0.001, help="Seconds that a researcher's answers may take.", show_default="the agent's"),
    ] = None,
    prices: PricesOption = None,
    money: MoneyOption = None,
    seed: SeedOption = 1,
    out: OutOption = None,
    workers: WorkersOption = None,
    no_cache: NoCacheOption = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Run a trial: researchers who leave each other notes, and how far each generation got.

    Writes the whole log, and frontier.svg and graph.svg. A trial that is there already is shown, or gone on with.
    """
    from relay.commands.announcement import default_directory
    from relay.trial.resolve import Schemes, resolve_condition

    chain = _given(generations=generations, width=width)
    budget = _given(
        turns=turns,
        tokens=tokens,
        context=context,
        answer=answer,
        evaluations=evaluations,
        seconds=seconds,
        money=money,
    )
    chosen = _chosen(agent, model, options, grammar, disguise)
    condition = resolve_condition(
        _task(task),
        agent=chosen.spec,
        schemes=Schemes(notes=notes, memory=memory, truth=truth),
        **chain,
        budget=budget,
        prices=_table(prices),
        seed=seed,
    )
    numbers = {**chain, **budget, **_given(prices=prices.stem if prices else None)}
    components = {"agent": chosen.words, "notes": notes, "memory": memory, "truth": truth}
    directory = out or default_directory(task, components, numbers, seed)
    _carry_out(directory, workers, not no_cache, json, quiet, condition)


@app.command(epilog="Example: relay resume runs/alien-ledger-s1")
def resume(
    directory: DirectoryArgument,
    workers: WorkersOption = None,
    no_cache: NoCacheOption = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Go on with a trial that was stopped or killed; nothing that was paid for is asked twice."""
    _carry_out(directory, workers, not no_cache, json, quiet)


@app.command(epilog="Examples: relay show runs/alien-ledger-s1\n\nrelay show runs/alien-ledger-s1 -g 3 --json")
def show(
    directory: DirectoryArgument,
    generation: GenerationOption = None,
    probe: ProbeOption = None,
    json: JsonOption = False,
) -> None:
    """Show how far each generation moved the frontier, or one generation at length.

    With a language model recall is told three ways: raw, after a probe, and
    without leaps.
    """
    from analysis.probe_selection import find_probes, given_probes
    from analysis.summary import metered_generation
    from analysis.terminal import one_generation

    trial = _trial(directory)
    probes = given_probes(trial, probe) if probe else find_probes(trial)
    if generation is None:
        _tell(trial, json, probes)
        return
    row = trial.row(generation)
    _print_json(metered_generation(trial, row, probes)) if json else _print(one_generation(trial, row, probes))


@app.command(
    epilog="Examples: relay probe linear_algebra --model openai/my-model --draws 8\n\nrelay probe alien --seed 3"
)
def probe(
    task: TaskArgument,
    agent: AgentOption = None,
    model: ModelOption = None,
    options: ModelOptionsOption = None,
    grammar: GrammarOption = None,
    disguise: DisguiseOption = None,
    draws: Annotated[int, typer.Option("--draws", min=1, help="Researchers that are asked, each once.")] = DRAWS,
    tokens: TokensOption = None,
    context: ContextOption = None,
    answer: AnswerOption = None,
    evaluations: EvaluationsOption = None,
    prices: PricesOption = None,
    money: MoneyOption = None,
    seed: SeedOption = 1,
    out: OutOption = None,
    workers: WorkersOption = None,
    no_cache: NoCacheOption = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Ask for what is known already: one turn, no notes. Tell the recall to be subtracted from a trial's.

    It is a trial like any other, and can be resumed. A language model is asked
    with a prompt for probes, or with one of yours: --agent 'llm(rules=mine.md)'.
    `relay show` subtracts the probes that it finds beside a trial.
    """
    from relay.commands.announcement import probe_directory
    from relay.trial.resolve import Schemes, resolve_condition

    budget = _given(tokens=tokens, context=context, answer=answer, evaluations=evaluations, money=money)
    chosen = _chosen(agent, model, options, grammar, disguise)
    if chosen.spec.name == "llm" and "rules" not in chosen.spec.parameters:
        chosen = chosen.told(rules="probe")
    condition = resolve_condition(
        _task(task),
        agent=chosen.spec,
        schemes=Schemes(notes="none"),
        generations=1,
        width=draws,
        budget={"answer": None, **budget, "turns": 1},
        prices=_table(prices),
        seed=seed,
    )
    numbers = {
        **({} if draws == DRAWS else {"draws": draws}),
        **budget,
        **_given(prices=prices.stem if prices else None),
    }
    directory = out or probe_directory(task, chosen.words.removeprefix("llm "), numbers, seed)
    _carry_out(directory, workers, not no_cache, json, quiet, condition)


@app.command(
    epilog="Examples: relay notes runs/alien-ledger-s1 -g 4\n\nrelay notes runs/alien-ledger-s1 --export notes/"
)
def notes(
    directory: DirectoryArgument,
    generation: GenerationOption = None,
    export: Annotated[Path | None, typer.Option(help="Write each note to a file of its own in this directory.")] = None,
    json: JsonOption = False,
) -> None:
    """Show the notes as a generation left them: the last one, or the one that is given."""
    from analysis.notes import export_notes, read_notes, words

    found = read_notes(directory, generation)
    if export is not None:
        _say(f"{export_notes(found, export)} notes written to {export}")
    elif json:
        _print_json([note.model_dump(mode="json") for note in found])
    else:
        for note in found:
            typer.echo(words(note))
        if not found:
            _say(
                f"there are no notes in {directory}" + ("" if generation is None else f" after generation {generation}")
            )


# --- statements and tasks --------------------------------------------------------------------------------------------


# --- the cache -------------------------------------------------------------------------------------------------------


# --- what the commands share -----------------------------------------------------------------------------------------


def _carry_out(
    directory: Path, workers: int | None, cached: bool, json: bool, quiet: bool, condition: Condition | None = None
) -> None:
    """Run or go on with the trial in `directory`, draw its figures (a probe has none) and print what came of it."""
    from analysis.frontier_figure import draw_frontier
    from analysis.graph_figure import draw_graph
    from analysis.probe import is_probe
    from analysis.probe_selection import find_probes
    from analysis.trials import last_fault, read_trial
    from relay.commands.announcement import preface
    from relay.commands.progress import progress_line
    from relay.components import find
    from relay.trial.directory import read_condition
    from relay.trial.trial import resume_trial, run_trial

    count = _count(workers)
    had_ended = (directory / "condition.yaml").exists() and read_trial(directory).reason == "completed"
    opening = "" if condition is None or had_ended else f"{preface(condition)}\nin {directory}"
    agent = (condition or read_condition(directory)).agent
    line = not getattr(find("relay.agents", agent.name), "interactive", False)
    try:
        with progress_line("generation", opening, hidden=quiet, line=line) as progress, _cache(cached) as cache:
            if condition is None:
                asyncio.run(resume_trial(directory, workers=count, on_progress=progress, cache=cache))
            else:
                asyncio.run(run_trial(condition, directory, workers=count, on_progress=progress, cache=cache))
    except KeyboardInterrupt:
        _say(f"stopped; nothing is lost: `relay resume {shlex.quote(str(directory))}` goes on from here")
        raise typer.Exit(130) from None
    trial = _trial(directory)
    drawn = not is_probe(trial.condition)
    if drawn:
        draw_frontier(trial, directory / "frontier.svg")
        draw_graph(trial, directory / "graph.svg")
    if json or not quiet:
        _tell(trial, json, find_probes(trial))
    if not json and not quiet:
        again = f"`relay show {shlex.quote(str(directory))}` shows this again"
        drawn_too = "; frontier.svg and graph.svg are there too" if drawn else ""
        _say(f"{again}{drawn_too}" + ("; it had ended before" if had_ended else ""))
    if trial.reason != "completed":
        why = f"interrupted by a machine's fault ({' '.join(last_fault(directory).split()) or 'see the log'})"
        _say(f"{why}; `relay resume {shlex.quote(str(directory))}` goes on from here")
        raise typer.Exit(1)


def _trial(directory: Path) -> Trial:
    """A trial as it is shown, its agent named as in the preface."""
    from analysis.trials import read_trial
    from relay.components import told_agent

    trial = read_trial(directory)
    agent = trial.condition.get("agent")
    return trial.model_copy(update={"agent": told_agent(agent)}) if agent else trial


def _tell(trial: Trial, json: bool, probes: Probed | None) -> None:
    """What came of a trial, or of a probe; `probes` are those that are subtracted."""
    from analysis.probe import is_probe, probed
    from analysis.probe_view import probe_metered, probe_overview
    from analysis.summary import metered
    from analysis.terminal import overview

    if is_probe(trial.condition) and trial.rows:
        found = probed(trial)
        _print_json(probe_metered(trial, found)) if json else _print(probe_overview(trial, found))
    else:
        _print_json(metered(trial, probes)) if json else _print(overview(trial, probes))


def _chosen(
    agent: str | None, model: str | None, options: list[str] | None, grammar: Switch | None, disguise: int | None
) -> Chosen:
    """The agent that a trial or a probe is run with."""
    from agents.selection import choose_agent

    return choose_agent(agent, model, options or (), None if grammar is None else grammar is Switch.ON, disguise)


def _table(prices: Path | None) -> PriceTable | None:
    from relay.records.prices import PriceTable

    return None if prices is None else PriceTable.read(prices)


def _given(**options: int | float | str | None) -> dict[str, Any]:
    """The options that were given; for the others the condition's and the agent's own defaults hold."""
    return {name: value for name, value in options.items() if value is not None}


def _misused(error: Exception) -> NoReturn:
    """A misspelt command, option or value, in one line with where to read on; no words at all were answered by help."""
    context: Any = getattr(error, "ctx", None)
    said = error.format_message().strip() if hasattr(error, "format_message") else str(error)
    if not said:
        sys.exit(2)
    _fail(f"{said.rstrip('.')} (see `{context.command_path if context else 'relay'} --help`)")


def _fail(message: str) -> NoReturn:
    _say(f"relay: {' '.join(message.split())}")
    sys.exit(2)
