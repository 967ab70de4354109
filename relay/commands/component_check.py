"""How `relay check-component` finds out what a component is, and checks the contract of its kind."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from relay.commands import task_contract
from relay.commands.arguments import task_spec
from relay.commands.output import echo, print_json
from relay.component_code import load_file
from relay.components import GROUPS, available, build, find
from relay.errors import UsageError
from relay.records.record import Record
from relay.records.spec import ComponentSpec, code_reference, read_spec
from relay.researcher.agent import Agent
from relay.schemes.handover.step import HandoverStep
from relay.schemes.memory.scheme import MemoryScheme
from relay.schemes.notes.scheme import NoteScheme
from relay.schemes.truth.scheme import TruthScheme
from relay.text import quantity
from relay.trial.contract import agents, handover_steps, interventions, memory_schemes, note_schemes, truths
from relay.trial.contract.rule import Contract
from relay.trial.interventions.intervention import Intervention

__all__ = ["check_contract", "identified"]

BASES: Mapping[str, type[Record]] = {
    "relay.notes": NoteScheme,
    "relay.memory": MemoryScheme,
    "relay.handover": HandoverStep,
    "relay.truth": TruthScheme,
    "relay.interventions": Intervention,
    "relay.agents": Agent,
    "relay.tasks": Record,
}
"""Group -> the base class of its components. Tasks have a base class of all, so they come last."""
CONTRACTS: Mapping[str, Contract[Any]] = {
    "relay.notes": note_schemes.CONTRACT,
    "relay.memory": memory_schemes.CONTRACT,
    "relay.handover": handover_steps.CONTRACT,
    "relay.truth": truths.CONTRACT,
    "relay.interventions": interventions.CONTRACT,
    "relay.agents": agents.CONTRACT,
    "relay.tasks": task_contract.CONTRACT,
}


@dataclass(frozen=True)
class Finding:
    """What was found of one rule."""

    rule: str
    sentence: str
    kept: bool | None
    """None if it could not be checked, since a rule before it was broken."""
    found: str = ""
    """What the component does instead."""

    def words(self) -> str:
        """The finding as one line."""
        state = {True: "kept", False: "BROKEN", None: "-"}[self.kept]
        return f"{state:<8}{self.rule:<20}{self.sentence}{f' But {self.found}' if self.found else ''}"


def check_contract(text: str, json: bool) -> bool:
    """Check a component and print what is found, rule by rule. Returns whether it keeps its contract.

    Raises `UsageError` if it can't be loaded, or if it is of no kind that has a contract.
    """
    with redirect_stdout(sys.stderr):  # whatever it prints, standard output is for results
        group, spec = identified(text)
        component = build(group, spec)
    if getattr(component, "interactive", False):
        raise UsageError(f"the agent `{spec.name}` asks a person, and nobody is asked here; check another one")
    contract = CONTRACTS[group]
    if not json:
        echo(f"{contract.noun} {spec}")
    found = []
    for finding in _findings(contract, spec):
        found.append(finding)
        if not json:
            echo(finding.words())
    broken = sum(finding.kept is False for finding in found)
    kept = all(finding.kept for finding in found)
    if json:
        rules = [vars(finding) for finding in found]
        print_json({"component": str(spec), "kind": contract.noun, "kept": kept, "rules": rules})
    else:
        unchecked = sum(finding.kept is None for finding in found)
        told = f"it keeps all {quantity(len(found), 'rule')}" if kept else f"it breaks {quantity(broken, 'rule')}"
        echo(f"{told}{f'; {unchecked} could not be checked' if unchecked else ''}")
    return kept


def _findings(contract: Contract[Any], spec: ComponentSpec) -> Iterator[Finding]:
    """What is found of each rule, as soon as it is known."""
    seen = 0
    with TemporaryDirectory(prefix="relay-") as folder:
        findings = contract.findings(spec, Path(folder))
        while True:
            with redirect_stdout(sys.stderr):
                rule, broken = next(findings, (None, None))
            if rule is None:
                break
            seen += 1
            yield Finding(rule.name, rule.sentence, broken is None, broken.found if broken else "")
    for rule in contract.rules[seen:]:
        yield Finding(rule.name, rule.sentence, None)


def identified(text: str) -> tuple[str, ComponentSpec]:
    """The group of a component and its spec, from what the user wrote: `FILE:NAME`, a file that has one component, or
    a name that is installed, each with parameters or without. Raises `UsageError` if it is nothing that can be
    checked."""
    if text.lower().endswith((".yaml", ".yml")):
        return "relay.tasks", read_spec(task_spec(text))
    if text.endswith(".py"):
        text = f"{text}:{_only_one(text)}"
    spec = read_spec(text)
    if code_reference(spec.name) is not None:
        return _of_a_file(spec), spec
    groups = [group for group in CONTRACTS if spec.name in available(group)]
    if not groups and spec.name in available("relay.models"):
        raise UsageError(f"`{spec.name}` is a provider of models, which have no contract; check an agent that asks one")
    if not groups:
        raise UsageError(f"no component is named `{spec.name}`; give path/to/file.py:Name, or a name of `relay list`")
    if len(groups) > 1:
        nouns = " and ".join(GROUPS[group][0] for group in groups)
        raise UsageError(f"`{spec.name}` is {nouns}; give path/to/file.py:Name")
    return groups[0], spec


def _only_one(file: str) -> str:
    """The name of the component in a file that has just one."""
    module = load_file(_there(file))
    own = [name for name, value in vars(module).items() if _group(value) and value.__module__ == module.__name__]
    if len(own) != 1:
        has = f"has {', '.join(own)}" if own else "has no component"
        raise UsageError(f"{file} {has}; give {file}:Name")
    return own[0]


def _there(file: str) -> Path:
    path = Path(file)
    if not path.is_file():
        raise UsageError(f"there is no file {file}; give path/to/file.py:Name")
    return path


def _of_a_file(spec: ComponentSpec) -> str:
    reference = code_reference(spec.name)
    assert reference is not None
    module = load_file(_there(reference[0]))
    group = _group(getattr(module, reference[1], None))
    if group is not None:
        return group
    if not hasattr(module, reference[1]):
        find("relay.notes", spec.name)  # says what there is instead
    bases = ", ".join(f"`{base.__name__}`" for base in BASES.values() if base is not Record)
    raise UsageError(
        f"`{spec.name}` is no component: expected a subclass of {bases}, or a `Record` with a method `build` (a task)"
    )


def _group(value: object) -> str | None:
    """The group that a class belongs to; None if it is no component."""
    if not isinstance(value, type):
        return None
    for group, base in BASES.items():
        if issubclass(value, base) and callable(getattr(value, GROUPS[group][1], None)):
            return group
    return None
