"""The `relay` command and its subcommands.

Importing this module is cheap, so that `relay --help` and completion feel instant: each command imports the code that
computes when it runs. Results go to standard output, everything else to standard error.

Exit status: 0 success; 1 a statement is not accepted or defined, a task fails its check, or a fault of the machine
interrupted a trial; 2 unusable input, reported in one line; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from analysis.commands.compare import COMPARE
from analysis.commands.notes import NOTES
from analysis.commands.results import draw, named_trial, print_result
from analysis.commands.show import SHOW
from relay.commands import options
from relay.commands.app import Command, application
from relay.commands.arguments import given, price_table, task_spec
from relay.commands.cache import CACHE_COMMANDS
from relay.commands.check import check
from relay.commands.invocation import invoke
from relay.commands.list import list_installed
from relay.commands.manner import Beginning, Manner
from relay.commands.output import say
from relay.commands.own_components import COMPONENT_COMMANDS
from relay.commands.rescore import rescore
from relay.commands.study import STUDY_COMMANDS
from relay.commands.task import TASK_COMMANDS

if TYPE_CHECKING:
    from agents.selection import ChosenAgent
    from analysis.trials import Trial
    from relay.records.condition import Condition

DRAWS = 4
"""Number of researchers in a probe, unless `--draws` is given."""


def run(
    task: options.TaskArgument,
    agent: options.AgentOption = None,
    model: options.ModelOption = None,
    model_options: options.ModelOptionsOption = None,
    grammar: options.GrammarOption = None,
    disguise: options.DisguiseOption = None,
    notes: options.NotesOption = "ledger",
    memory: options.MemoryOption = "fresh",
    truth: options.TruthOption = "shown",
    handover: options.HandoverOption = None,
    intervention: options.InterventionOption = None,
    persona: options.PersonaOption = None,
    generations: options.GenerationsOption = None,
    width: options.WidthOption = None,
    turns: options.TurnsOption = None,
    tokens: options.TokensOption = None,
    context: options.ContextOption = None,
    answer: options.AnswerOption = None,
    reserve: options.ReserveOption = None,
    evaluations: options.EvaluationsOption = None,
    seconds: options.SecondsOption = None,
    prices: options.PricesOption = None,
    money: options.MoneyOption = None,
    seed: options.SeedOption = 1,
    out: options.OutOption = None,
    fresh: options.FreshOption = False,
    other_version: options.OtherVersionOption = False,
    workers: options.TrialWorkersOption = None,
    no_cache: options.NoCacheOption = False,
    figures: options.FiguresOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
) -> None:
    """Run a trial: a chain of researchers, each of whom leaves notes to the next.

    Writes the trial's log to a directory, on a terminal also the figures
    frontier.svg and graph.svg, and shows how far each generation moved the
    frontier. If the trial is in the directory already, it is resumed, or only
    shown if it has ended. If it began otherwise, with a file that was edited
    since or under another version, relay says how, and --fresh begins anew.
    """
    from relay.commands.announcement import default_directory
    from relay.trial.resolve import Schemes, resolve_condition

    chain = given(generations=generations, width=width)
    limits = {"tokens": tokens, "context": context, "answer": answer, "reserve": reserve, "evaluations": evaluations}
    budget = given(turns=turns, **limits, seconds=seconds, money=money)
    chosen = _chosen(agent, model, model_options, grammar, disguise)
    names = {"notes": notes, "memory": memory, "truth": truth}
    steps, acts, texts = tuple(handover or ()), tuple(intervention or ()), tuple(persona or ())
    schemes, costs = Schemes(**names, handover=steps, interventions=acts, personas=texts), price_table(prices)
    condition = resolve_condition(
        task_spec(task), agent=chosen.spec, schemes=schemes, budget=budget, prices=costs, seed=seed, **chain
    )
    numbers = {**chain, **budget, **given(prices=prices.stem if prices else None)}
    controls = (*steps, *acts, *(Path(each).stem for each in texts))
    directory = out or default_directory(task, {"agent": chosen.words, **names}, numbers, seed, controls)
    manner = Manner(workers, not no_cache, json, quiet, figures)
    _run_and_print(directory, manner, Beginning(fresh=fresh, other_version=other_version), condition)


def resume(
    directory: options.DirectoryArgument,
    model_options: options.TransportOption = None,
    trust: options.TrustOption = False,
    other_version: options.OtherVersionOption = False,
    workers: options.TrialWorkersOption = None,
    no_cache: options.NoCacheOption = False,
    figures: options.FiguresOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
) -> None:
    """Resume a trial that was stopped or killed. No answer of a model is paid for twice.

    The trial goes on with its own copies of the files that it began with, from
    any directory. Python files among them, and commands, run only with --trust.
    """
    began = Beginning(trust=trust, other_version=other_version, transport=tuple(model_options or ()))
    _run_and_print(directory, Manner(workers, not no_cache, json, quiet, figures), began)


def probe(
    task: options.TaskArgument,
    agent: options.AgentOption = None,
    model: options.ModelOption = None,
    model_options: options.ModelOptionsOption = None,
    grammar: options.GrammarOption = None,
    disguise: options.DisguiseOption = None,
    draws: options.DrawsOption = DRAWS,
    tokens: options.TokensOption = None,
    context: options.ContextOption = None,
    answer: options.AnswerOption = None,
    evaluations: options.EvaluationsOption = None,
    prices: options.PricesOption = None,
    money: options.MoneyOption = None,
    seed: options.SeedOption = 1,
    out: options.OutOption = None,
    fresh: options.FreshOption = False,
    other_version: options.OtherVersionOption = False,
    workers: options.TrialWorkersOption = None,
    no_cache: options.NoCacheOption = False,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
) -> None:
    """Run a probe: measure what a researcher knows already, with one turn and no notes.

    `relay show` subtracts the recall of matching probes in the same parent
    directory from a trial's. A probe is a trial, and can be resumed. A language
    model gets rules for probes, or yours: --agent 'llm(rules=mine.md)'.
    """
    from relay.commands.announcement import probe_directory
    from relay.commands.probe_condition import probe_condition

    budget = given(tokens=tokens, context=context, answer=answer, evaluations=evaluations, money=money)
    chosen = _chosen(agent, model, model_options, grammar, disguise)
    # The usual rules speak of notes and of a long tenure. A probe has neither, so it has rules of its own.
    if chosen.spec.name in ("llm", "process") and "rules" not in chosen.spec.parameters:
        chosen = chosen.told(rules="probe")
    condition = probe_condition(task, chosen.spec, draws, budget, prices, seed)
    # The directory's name leaves out defaults, so that the plain command has a short name.
    given_draws = given(draws=None if draws == DRAWS else draws)
    numbers = {**given_draws, **budget, **given(prices=prices.stem if prices else None)}
    directory = out or probe_directory(task, chosen.words.removeprefix("llm "), numbers, seed)
    began = Beginning(fresh=fresh, other_version=other_version)
    _run_and_print(directory, Manner(workers, not no_cache, json, quiet, figures=False), began, condition)


# --- shared by the commands ------------------------------------------------------------------------------------------


def _chosen(
    agent: str | None,
    model: str | None,
    model_options: list[str] | None,
    grammar: options.Switch | None,
    disguise: int | None,
) -> ChosenAgent:
    """Return the agent that the options select."""
    from agents.selection import choose_agent

    decoded = None if grammar is None else grammar is options.Switch.ON
    return choose_agent(agent, model, model_options or (), decoded, disguise)


def _run_and_print(directory: Path, manner: Manner, began: Beginning, condition: Condition | None = None) -> None:
    """Run a trial in `directory`, draw its figures if they are wanted, and print its result.

    Without a condition the trial in `directory` is resumed. If a fault of the machine interrupts the trial, the exit
    status is 1.
    """
    from analysis.trials import read_trial
    from relay.commands.announcement import preface
    from relay.commands.trial_run import run_to_end
    from relay.records.reader import read_condition
    from relay.trial.copies import how_to_resume

    # Read before the run: a trial that has ended already is shown without a preface that says "takes 3 minutes".
    there = not began.fresh and (directory / "condition.yaml").exists()
    had_ended = there and read_trial(directory).reason == "completed"
    opening = "" if condition is None or had_ended else f"{preface(condition)}\nin {directory}"
    run_to_end(directory, condition, opening, manner, began)
    trial = named_trial(directory)
    _draw_and_print(trial, directory, manner, "; the trial had ended before" if had_ended else "")
    if trial.reason != "completed":
        why = f"interrupted by a machine's fault ({' '.join(trial.last_fault.split()) or 'see the log'})"
        say(f"{why}; `{how_to_resume(read_condition(directory), directory)}` continues it")
        raise typer.Exit(1)


def _draw_and_print(trial: Trial, directory: Path, manner: Manner, remark: str) -> None:
    """Draw the figures of a trial if they are wanted, and print its result. `remark` ends the last line."""
    from analysis.probe import is_probe
    from analysis.probe_selection import find_probes

    drawn = manner.draws and not is_probe(trial.condition)
    if drawn and not (remark and (directory / "graph.svg").exists()):  # an ended trial may be read-only
        draw(trial, directory)
    if manner.json or not manner.quiet:
        print_result(trial, manner.json, find_probes(trial))
    if not manner.json and not manner.quiet:
        figures = "; frontier.svg and graph.svg are in the same directory" if drawn else ""
        say(f"`relay show {shlex.quote(str(directory))}` shows this again{figures}{remark}")


# --- the command line ------------------------------------------------------------------------------------------------

COMMANDS = (
    Command(
        "run",
        run,
        "relay run 'alien(q=5, layers=6)' --notes none --seed 3",
        "relay run linear_algebra --model openai/my-model --disguise 1",
        "relay run alien --notes path/to/scheme.py:Scheme --fresh",
        "relay run alien --model openai/my-model --persona me.txt --handover 'never_strike(when=every)'",
    ),
    Command(
        "resume",
        resume,
        "relay resume runs/alien-ledger-s1",
        "relay resume runs/alien-llm-openai-my-model-ledger-s1 -M timeout=60 --trust",
    ),
    SHOW,
    Command(
        "probe", probe, "relay probe linear_algebra --model openai/my-model --draws 8", "relay probe alien --seed 3"
    ),
    NOTES,
    Command(
        "rescore",
        rescore,
        "relay rescore runs/alien-ledger-s1",
        "relay rescore runs/my-ledger-s1 --task my.yaml --json",
    ),
    COMPARE,
    Command("list", list_installed, "relay list agents", "relay list --json", "relay list runs runs/"),
    Command(
        "check",
        check,
        "echo 'claim (k: Nat): k * k == k' | relay check linear_algebra",
        "relay check linear_algebra statements.relay --json > verdicts.jsonl",
    ),
    *COMPONENT_COMMANDS,
)


def main() -> None:
    """Run the command line. An error that the user can fix becomes one line and exit status 2."""
    chosen = [command for command in COMMANDS if [command.name] == sys.argv[1:2]]
    if chosen:  # build this command alone: building all of them takes longer than reading a trial
        invoke(application(chosen, {}))
    else:
        invoke(application(COMMANDS, {"study": STUDY_COMMANDS, "task": TASK_COMMANDS, "cache": CACHE_COMMANDS}))
