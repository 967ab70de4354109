"""The `relay` command and its subcommands.

Importing this module is cheap, so that `relay --help` and completion feel instant: each command imports the code that
computes when it runs. Results go to standard output, everything else to standard error.

Exit status: 0 success; 1 a statement is not accepted or defined, a task fails its check, or a fault of the machine
interrupted a trial; 2 unusable input, reported in one line; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from relay.commands import options
from relay.commands.app import Command, application
from relay.commands.arguments import given, price_table, task_spec
from relay.commands.cache import CACHE_COMMANDS
from relay.commands.check import check
from relay.commands.invocation import invoke
from relay.commands.list import list_installed
from relay.commands.manner import Beginning, Manner
from relay.commands.output import echo, print_json, print_view, say
from relay.commands.own_components import COMPONENT_COMMANDS
from relay.commands.rescore import rescore
from relay.commands.task import TASK_COMMANDS
from relay.errors import UsageError

if TYPE_CHECKING:
    from agents.selection import ChosenAgent
    from analysis.probe import ProbeFindings
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


def show(
    directory: options.DirectoryArgument,
    generation: options.GenerationOption = None,
    transcript: options.TranscriptOption = False,
    prompt: options.PromptOption = False,
    tenure: options.TenureOption = None,
    reveal: options.RevealOption = False,
    trust: options.TrustOption = False,
    probe: options.ProbeOption = None,
    figures: options.DrawOption = False,
    json: options.JsonOption = False,
) -> None:
    """Show how far each generation moved the frontier, or one generation in full.

    For a language model recall is shown three ways: raw, after subtracting
    probes, and without leaps. With --transcript: what each researcher was
    shown, thought, answered and was told; with --prompt the messages themselves.
    """
    if transcript or prompt:
        from relay.commands.transcript import Reading, print_transcript

        if transcript and prompt:
            raise UsageError("give --transcript or --prompt, not both")
        if figures:
            raise UsageError("--figures belongs to the result; leave out --transcript and --prompt")
        print_transcript(directory, Reading(prompt, generation, tenure, reveal, trust, json))
        return
    if tenure is not None or reveal:
        option = "--reveal belongs to --transcript" if reveal else "--tenure belongs to --transcript and --prompt"
        raise UsageError(f"{option}; give it too")
    from analysis.probe_selection import find_probes, given_probes

    trial = _named_trial(directory)
    if figures:
        _draw(trial, directory)
    probes = given_probes(trial, probe) if probe else find_probes(trial)
    if generation is None:
        _print_result(trial, json, probes)
    else:
        _print_generation(trial, generation, json, probes)


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


def notes(
    directory: options.DirectoryArgument,
    generation: options.GenerationOption = None,
    export: options.ExportOption = None,
    reveal: options.RevealOption = False,
    json: options.JsonOption = False,
) -> None:
    """Show the notes after the last generation, or after a given one.

    With --reveal each note names the concepts and laws that it was credited
    with, which researchers are never told.
    """
    from analysis.notes import export_notes, read_notes

    found = read_notes(directory, generation)
    if export is not None:
        say(f"{export_notes(found, export, reveal=reveal)} notes written to {export}")
    elif json:
        print_json([found.record(note, reveal=reveal) for note in found.notes])
    else:
        for note in found.notes:
            echo(found.words(note, reveal=reveal))
        if not found.notes:
            after = "" if generation is None else f" after generation {generation}"
            say(f"there are no notes in {directory}{after}")


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
    trial = _named_trial(directory)
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
        _draw(trial, directory)
    if manner.json or not manner.quiet:
        _print_result(trial, manner.json, find_probes(trial))
    if not manner.json and not manner.quiet:
        figures = "; frontier.svg and graph.svg are in the same directory" if drawn else ""
        say(f"`relay show {shlex.quote(str(directory))}` shows this again{figures}{remark}")


def _draw(trial: Trial, directory: Path) -> None:
    """Draw the figures of a trial in its directory."""
    from analysis.figures import draw_figures
    from analysis.probe import is_probe

    if is_probe(trial.condition):
        raise UsageError(f"{directory} holds a probe, which has no figures; leave out --figures")
    draw_figures(trial, directory)


def _named_trial(directory: Path) -> Trial:
    """Read the trial in `directory`, with its agent spelt as in the preface."""
    from analysis.trials import read_trial
    from relay.components import told_agent

    trial = read_trial(directory)
    agent = trial.condition.get("agent")
    return replace(trial, agent=told_agent(agent)) if agent else trial


def _print_result(trial: Trial, json: bool, probes: ProbeFindings | None) -> None:
    """Print the result of a trial or of a probe. `probes` are subtracted from a trial's recall."""
    if json:
        from analysis.probe_summary import result_summary

        print_json(result_summary(trial, probes))
    else:
        from analysis.probe_view import result_view

        print_view(result_view(trial, probes))


def _print_generation(trial: Trial, generation: int, json: bool, probes: ProbeFindings | None) -> None:
    """Print one generation of a trial in full."""
    row = trial.row(generation)
    if json:
        from analysis.summary import generation_summary

        print_json(generation_summary(trial, row, probes))
    else:
        from analysis.generation_view import one_generation

        print_view(one_generation(trial, row, probes))


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
    Command(
        "show",
        show,
        "relay show runs/alien-ledger-s1",
        "relay show runs/alien-ledger-s1 -g 3 --json",
        "relay show runs/alien-ledger-s1 -g 3 --transcript",
    ),
    Command(
        "probe", probe, "relay probe linear_algebra --model openai/my-model --draws 8", "relay probe alien --seed 3"
    ),
    Command(
        "notes", notes, "relay notes runs/alien-ledger-s1 -g 4", "relay notes runs/alien-ledger-s1 --export notes/"
    ),
    Command(
        "rescore",
        rescore,
        "relay rescore runs/alien-ledger-s1",
        "relay rescore runs/my-ledger-s1 --task my.yaml --json",
    ),
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
        invoke(application(chosen, (), ()))
    else:
        invoke(application(COMMANDS, TASK_COMMANDS, CACHE_COMMANDS))
