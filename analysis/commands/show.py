"""The command `relay show`."""

from __future__ import annotations

from analysis.commands.results import draw, named_trial, print_generation, print_result
from relay.commands import options
from relay.commands.app import Command
from relay.errors import UsageError

__all__ = ["SHOW", "show"]


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

    trial = named_trial(directory)
    if figures:
        draw(trial, directory)
    probes = given_probes(trial, probe) if probe else find_probes(trial)
    if generation is None:
        print_result(trial, json, probes)
    else:
        print_generation(trial, generation, json, probes)


SHOW = Command(
    "show",
    show,
    "relay show runs/alien-ledger-s1",
    "relay show runs/alien-ledger-s1 -g 3 --json",
    "relay show runs/alien-ledger-s1 -g 3 --transcript",
)
