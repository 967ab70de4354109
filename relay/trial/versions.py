"""The versions that decide what happens in a trial: of relay, of its checker, and of components from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from relay.checker.checker import CHECKER
from relay.component_files import model_specs
from relay.components import distribution, find
from relay.errors import UsageError
from relay.records.spec import ComponentSpec
from relay.records.version import installed_version

__all__ = ["check_versions", "differing_versions", "own_versions", "told_versions", "versions_of"]


def versions_of(components: Iterable[tuple[str, ComponentSpec]]) -> dict[str, str]:
    """The versions for a condition with these components, which are given as pairs of group and spec: `relay`,
    `checker`, and the distributions of installed components that are not relay's."""
    found: dict[str, str] = {}
    waiting = list(components)
    while waiting:
        group, spec = waiting.pop()
        if (installed := distribution(group, spec.name)) is not None:
            found[installed[0]] = installed[1]
        waiting += [("relay.models", model) for _, model in model_specs(find(group, spec.name), spec.parameters)]
    return dict(sorted({**found, **own_versions()}.items()))


def check_versions(there: Mapping[str, str], directory: Path) -> None:
    """Raise `UsageError` if a trial with the versions `there` would now go on under others."""
    if told := differing_versions(there):
        raise UsageError(
            f"the trial in {directory} can't go on unchanged: {'; '.join(told)}; install what it began with, or give "
            "--other-version to go on all the same"
        )


def differing_versions(there: Mapping[str, str]) -> list[str]:
    """How the versions of a trial, `there`, differ from the installed ones, in words; empty if they are the same."""
    own = own_versions()
    return told_versions(there, {name: own.get(name) or installed_version(name) for name in there})


def told_versions(there: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    """How the versions of a trial, `there`, differ from those of now, `here`, in words."""
    return [
        f"{_title(name)} ({there.get(name, 'none')} before, {here.get(name, 'none')} now)"
        for name in sorted({*there, *here})
        if there.get(name) != here.get(name)
    ]


def own_versions() -> dict[str, str]:
    """The versions of relay and of its checker."""
    return {"relay": installed_version(), "checker": str(CHECKER)}


def _title(name: str) -> str:
    titles = {"relay": "the version of relay", "checker": "the version of the checker"}
    return titles.get(name, f"the version of {name}")
