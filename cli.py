"""The `relay` command: one subcommand for each thing that a user does.

Importing this module is cheap, so that `relay --help` and completion feel instant: whatever computes is imported by the
command that needs it. Exit status: 0 done; 1 a statement that is not accepted or defined, or a task that fails its
check; 2 unusable input, told in one line; 130 stopped by Ctrl-C. Results go to standard output, all else to standard
error.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json as jsonlib
import os
import shlex
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from relay.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from agents.choosing import Chosen
    from analysis.probe import Probed
    from analysis.reading import Trial
    from relay.cache import Cache
    from relay.condition import Condition
    from relay.prices import PriceTable
    from relay.review import Reviewed
    from relay.task import Task

HELP = """Can a chain of forgetful researchers, passing only notes, reinvent a field of mathematics?

A trial is a chain of generations. Each researcher has one short life, sees the notes of those before, and leaves notes
to those after. Relay checks every statement, and tells how far each generation moved the frontier."""

app = typer.Typer(
    name="relay",
    help=HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Begin with: relay run alien",
)
tasks_app = typer.Typer(no_args_is_help=True, help="List, show and check invention tasks.")
app.add_typer(tasks_app, name="task")
cache_app = typer.Typer(
    no_args_is_help=True,
    help="Show or clear the verdicts that are kept, so that no statement is checked twice.\n\n"
    "They are in one file, in RELAY_CACHE_DIR or where the system keeps caches. It may be removed at any time.",
)
app.add_typer(cache_app, name="cache")


def _show_version(asked: bool) -> None:
    if asked:
        from relay.condition import installed_version

        typer.echo(f"relay {installed_version()}")
        raise typer.Exit


@app.callback()
def _everything(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Options that come before a command."""


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
    from relay.catalogue import KINDS

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


DRAWS = 4
"""Researchers that `relay probe` asks."""
AHEAD = 8
"""Statements that `relay check` reads ahead of the one that it tells, for each worker."""
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
    from relay.condition import resolve_condition
    from relay.preface import default_directory

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
    components: dict[str, Any] = {"agent": chosen.spelling, "notes": notes, "memory": memory, "truth": truth}
    condition = resolve_condition(
        _task(task),
        **components,
        **chain,
        budget=budget,
        prices=_table(prices),
        seed=seed,
    )
    numbers = {**chain, **budget, **_given(prices=prices.stem if prices else None)}
    directory = out or default_directory(task, {**components, "agent": chosen.words}, numbers, seed)
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
    from analysis.meters import metered_generation
    from analysis.subtracting import find_probes, given_probes
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
    from relay.condition import resolve_condition
    from relay.preface import probe_directory

    budget = _given(tokens=tokens, context=context, answer=answer, evaluations=evaluations, money=money)
    chosen = _chosen(agent, model, options, grammar, disguise)
    if chosen.spelling.name == "llm" and "rules" not in chosen.spelling.parameters:
        chosen = chosen.told(rules="probe")
    condition = resolve_condition(
        _task(task),
        agent=chosen.spelling,
        notes="none",
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
    from analysis.store import export_notes, read_notes, words

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


@app.command("list", epilog="Examples: relay list agents\n\nrelay list --json")
def list_installed(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="KIND",
            autocompletion=_kinds,
            help="tasks, agents, models, notes, memory, truth or handover. Default: all of them.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """List what is installed, by kind, with parameters and defaults.

    A parameter is set in brackets, as in --notes 'ledger(cap=500)'; of a model
    with -M.
    """
    from rich.console import Console

    from relay.catalogue import KINDS, installed, words

    if kind is not None and kind not in KINDS:
        raise UsageError(f"there is no kind `{kind}` of what is installed; there is: {', '.join(KINDS)}")
    found = {name: installed(name) for name in KINDS if kind in (None, name)}
    if json:
        _print_json({name: [one.model_dump(mode="json") for one in there] for name, there in found.items()})
        return
    console = Console()
    width = console.width if console.is_terminal else sys.maxsize  # a program reads a line for each thing
    for place, (name, there) in enumerate(found.items()):
        typer.secho(f"{chr(10) * bool(place)}{name} ({KINDS[name][1]})", bold=True)
        typer.echo(words(name, there, width))


@app.command(
    epilog="Examples: echo 'claim (k: Nat): k * k == k' | relay check linear_algebra\n\n"
    "relay check linear_algebra statements.relay --json > verdicts.jsonl"
)
def check(
    task: TaskArgument,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Statements, or text with them; `-`: standard input.")
    ] = None,
    seed: TaskSeedOption = 1,
    statement_size: Annotated[
        int | None, typer.Option(min=1, help="Most term nodes of a statement. Default: the task's.")
    ] = None,
    reveal: RevealOption = False,
    workers: WorkersOption = None,
    no_cache: NoCacheOption = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
    referee: RefereeOption = False,
) -> None:
    """Check the statements of a file, in order; each is told as soon as it is decided.

    A statement may call the definitions before it. One that can't be read, or
    whose check fails, stops none after it. Standard input is read to its end
    first. With --json one object a line.

    Exit status 0 when every definition reads and every claim is `proved` or
    `holds`; 1 otherwise, also when the referee contradicts a verdict.
    """
    from relay.judge import PooledJudge
    from relay.progress import progress_line
    from relay.review import review, statements
    from relay.workers import Workers

    built, text = _build(task, seed), _read(file)
    if statement_size is not None:
        built = built.model_copy(update={"statement_size": statement_size})
    total = sum(1 for _ in statements(text))
    if not total:
        raise UsageError(f"no statement stands in {_source(file)}; one begins with `define` or `claim`")
    passed, done, count = True, 0, min(_count(workers), total)
    statuses, opinions = Counter[str](), Counter[str]()
    shown = sys.stdout.isatty() or quiet  # what is told is progress enough
    with (
        progress_line("statement", hidden=shown) as progress,
        _cache(not no_cache) as cache,
        Workers(count) as pool,
    ):
        found_in_order = review(built, text, PooledJudge(pool, built, cache), reveal=reveal, ahead=AHEAD * count)
        told: Iterator[tuple[Reviewed, str]] = ((found, "") for found in found_in_order)
        if referee:
            from relay.referee.appeal import SAID, appealed

            told = appealed(found_in_order, built, text)
        for found, said in told:
            disputed = bool(said) and said not in SAID
            passed, done = passed and found.passed and not disputed, done + 1
            statuses[found.verdict.status.value] += 1
            opinions["contradicts" if disputed else said] += 1
            if not quiet:
                record = found.record(reveal) | ({"referee": said} if referee else {})
                _write_line(_json_line(record) if json else found.words(reveal))
            if disputed:
                _say(f"relay: line {found.line}: {said}; one of the two is wrong, and that is worth a report")
            progress(done, total, "" if passed else "not all accepted")
    if not quiet and not json:
        _say(f"{total} statement{'s' * (total != 1)}: " + ", ".join(f"{n} {status}" for status, n in statuses.items()))
        if referee:
            _say(
                "the referee agrees with {agrees} claims, contradicts {contradicts}, and can't judge {unknown}".format(
                    agrees=opinions["agrees"], contradicts=opinions["contradicts"], unknown=opinions["unknown"]
                )
            )
    raise typer.Exit(0 if passed else 1)


@tasks_app.command("list", epilog="Example: relay task list")
def task_list(json: JsonOption = False) -> None:
    """List the tasks that are installed, with their parameters and defaults."""
    from relay.catalogue import TASK_FILES, installed

    rows: list[dict[str, Any]] = []
    for task in installed("tasks"):
        fields = {name: parameter.default for name, parameter in task.parameters.items()}
        rows.append({"name": task.name, "summary": task.summary, "parameters": fields})
    if json:
        _print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['name']}: {row['summary']}")
        for field, default in row["parameters"].items():
            typer.echo(f"    {field} = {'none' if default is None else default}")
    typer.echo(TASK_FILES)


@tasks_app.command(
    "show",
    epilog="Examples: relay task show 'linear_algebra(brief=problems)'\n\nrelay task show linear_algebra --disguise 1",
)
def task_show(
    task: TaskArgument,
    seed: TaskSeedOption = 1,
    disguise: DisguiseOption = None,
    reveal: RevealOption = False,
    json: JsonOption = False,
) -> None:
    """Show what a researcher would see of a task, also in a disguise.

    With --reveal its hidden graph too, and which word stands for which.
    """
    from relay.portrait import aliases, hidden, portrait, public

    built = _build(task, seed)
    if json:
        _print_json(built.model_dump(mode="json") if reveal else public(built, seed, disguise))
        return
    typer.echo(portrait(built, seed, disguise))
    if reveal and disguise is not None:
        typer.echo(f"\n{aliases(built, disguise)}")
    if reveal:
        typer.echo(f"\n{hidden(built)}")


@tasks_app.command(
    "check", epilog="Examples: relay task check linear_algebra\n\nrelay task check task.yaml --survivors"
)
def task_check(
    task: TaskArgument,
    seed: TaskSeedOption = 1,
    corruptions: Annotated[
        int, typer.Option(min=0, help="Corruptions tried of each form for the mutation score; 0: none.")
    ] = 16,
    survivors: Annotated[bool, typer.Option("--survivors", help="Name the corruptions that no law notices.")] = False,
    workers: WorkersOption = None,
    no_cache: NoCacheOption = False,
    json: JsonOption = False,
) -> None:
    """Check a task: concepts, forms, laws, prerequisites, samplers, phenomena, and how much its laws notice.

    With --json one object a concept and line, and one with the key `summary` at the end. Exit status 1 when the checker
    does not accept some law, a sampler does not hit, a prerequisite has no reason, or a phenomenon is not explained.
    """
    from rich.console import Console

    from relay.inspecting import summary_table, table_width
    from relay.inspection import TaskSummary, inspect
    from relay.judge import PooledJudge
    from relay.progress import progress_line
    from relay.workers import Workers

    built = _build(task, seed)
    wide = Console().width >= table_width(concept.id for concept in built.concepts)
    table = sys.stdout.isatty() and wide and not json
    reports = []
    with (
        progress_line("laws and corruptions", hidden=not table) as progress,
        _cache(not no_cache) as cache,
        Workers(_count(workers)) as pool,
    ):
        judge = PooledJudge(pool, built, cache)
        for report in inspect(built, judge, corruptions, lambda done, of: progress(done, of, "")):
            reports.append(report)
            if not table:
                data = report.model_dump(mode="json")
                _write_line(_json_line(data) if json else report.words(built.statement_size, survivors))
    summary = TaskSummary.of(reports)
    if table:
        _print(summary_table(reports, survivors))
    if json:
        _write_line(_json_line({"summary": summary.model_dump(mode="json")}))
    else:
        typer.echo(summary.words(built.statement_size))
    raise typer.Exit(0 if summary.sound else 1)


# --- the cache -------------------------------------------------------------------------------------------------------


@cache_app.command("show", epilog="Examples: relay cache show\n\nrelay cache show --json")
def cache_show(json: JsonOption = False) -> None:
    """Show where the cache is, what it holds, and how often something was found in it."""
    from relay.cache import report

    found = report()
    _print_json(found.model_dump(mode="json")) if json else typer.echo(found.words())


@cache_app.command("clear", epilog="Example: relay cache clear")
def cache_clear(json: JsonOption = False) -> None:
    """Remove the cache; what was in it is worked out again when it is needed."""
    from relay.cache import cache_directory, clear

    freed = clear()
    if json:
        _print_json({"path": str(cache_directory()), "freed": freed})
    else:
        _say(f"{freed / (1 << 20):.1f} MiB freed in {cache_directory()}")


# --- what the commands share -----------------------------------------------------------------------------------------


def _carry_out(
    directory: Path, workers: int | None, cached: bool, json: bool, quiet: bool, condition: Condition | None = None
) -> None:
    """Run or go on with the trial in `directory`, draw its figures (a probe has none) and print what came of it."""
    from analysis.curves import draw_frontier
    from analysis.network import draw_graph
    from analysis.probe import is_probe
    from analysis.reading import last_fault, read_trial
    from analysis.subtracting import find_probes
    from relay.components import find
    from relay.directory import read_condition
    from relay.preface import preface
    from relay.progress import progress_line
    from relay.trial import resume_trial, run_trial

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
    from analysis.reading import read_trial
    from relay.components import told_agent

    trial = read_trial(directory)
    agent = trial.condition.get("agent")
    return trial.model_copy(update={"agent": told_agent(agent)}) if agent else trial


def _tell(trial: Trial, json: bool, probes: Probed | None) -> None:
    """What came of a trial, or of a probe; `probes` are those that are subtracted."""
    from analysis.meters import metered
    from analysis.probe import is_probe, probed
    from analysis.probing import probe_metered, probe_overview
    from analysis.terminal import overview

    if is_probe(trial.condition) and trial.rows:
        found = probed(trial)
        _print_json(probe_metered(trial, found)) if json else _print(probe_overview(trial, found))
    else:
        _print_json(metered(trial, probes)) if json else _print(overview(trial, probes))


def _task(text: str) -> str | dict[str, Any]:
    """A task's spelling; the path of a YAML file stands for the task in it."""
    if text.lower().endswith((".yaml", ".yml")):
        return {"name": "file", "parameters": {"path": text}}
    if os.path.isfile(text):  # noqa: PTH113 - `Path.is_file` fails on a text too long for a name
        raise UsageError(f"{text} is no task file: its name must end in .yaml; rename it, or give a task's name")
    return text


def _chosen(
    agent: str | None, model: str | None, options: list[str] | None, grammar: Switch | None, disguise: int | None
) -> Chosen:
    """The agent that a trial or a probe is run with."""
    from agents.choosing import choose_agent

    return choose_agent(agent, model, options or (), None if grammar is None else grammar is Switch.ON, disguise)


def _table(prices: Path | None) -> PriceTable | None:
    from relay.prices import PriceTable

    return None if prices is None else PriceTable.read(prices)


def _build(text: str, seed: int) -> Task:
    from relay.components import build

    built: Task = build("relay.tasks", _task(text)).build(seed)
    return built


def _given(**options: int | float | str | None) -> dict[str, Any]:
    """The options that were given; for the others the condition's and the agent's own defaults hold."""
    return {name: value for name, value in options.items() if value is not None}


def _count(workers: int | None) -> int:
    return min(os.cpu_count() or 1, 8) if workers is None else workers


@contextlib.contextmanager
def _cache(wanted: bool) -> Iterator[Cache | None]:
    """The user's cache, unless it is not wanted."""
    from relay.cache import Cache

    if not wanted:
        yield None
        return
    with Cache(warn=lambda text: _say(f"relay: {text}")) as cache:
        yield cache


def _source(file: Path | None) -> str:
    return "standard input" if file is None or str(file) == "-" else str(file)


def _read(file: Path | None) -> str:
    try:
        if file is None or str(file) == "-":
            if sys.stdin.isatty():
                _say("type statements; Ctrl-D on a line of its own ends them")
            return sys.stdin.buffer.read().decode("utf-8-sig")
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{_source(file)} is not UTF-8 text (line {line}, byte {error.start}); save it as UTF-8"
        ) from None
    except OSError as error:
        raise UsageError(f"{file} can't be read ({error.strerror}); give a file of statements") from None


def _print(what: RenderableType) -> None:
    from rich.console import Console

    Console(highlight=False).print(what)


def _print_json(data: object) -> None:
    typer.echo(_json_line(data, indent=2))


def _json_line(data: object, indent: int | None = None) -> str:
    unicode = sys.stdout.encoding.lower().replace("-", "") == "utf8"
    return jsonlib.dumps(data, indent=indent, ensure_ascii=not unicode)


def _write_line(text: str) -> None:
    """Write a line now, and all of it: Ctrl-C waits until it stands there."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        typer.echo(text)
        sys.stdout.flush()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _misused(error: Exception) -> NoReturn:
    """A misspelt command, option or value, in one line with where to read on; no words at all were answered by help."""
    context: Any = getattr(error, "ctx", None)
    said = error.format_message().strip() if hasattr(error, "format_message") else str(error)
    if not said:
        sys.exit(2)
    _fail(f"{said.rstrip('.')} (see `{context.command_path if context else 'relay'} --help`)")


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _fail(message: str) -> NoReturn:
    _say(f"relay: {' '.join(message.split())}")
    sys.exit(2)
