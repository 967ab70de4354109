"""Shell completion of the names of components, models and kinds."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["RUNS", "complete_components", "complete_kinds", "complete_models", "complete_templates", "completing"]


RUNS = "runs"
"""What `relay list` takes beside the kinds of components: the trials of a folder."""


def completing(group: str) -> Callable[[str], list[str]]:
    """Return a function that completes the names of the installed components of an entry-point group."""

    def complete(incomplete: str) -> list[str]:
        from relay.components import available

        return [name for name in available(group) if name.startswith(incomplete)]

    return complete


def complete_models(incomplete: str) -> list[str]:
    """Complete the provider of a model. The name after the slash is free text, so it is not completed."""
    return [f"{name}/" for name in completing("relay.models")(incomplete.partition("/")[0])]


def complete_kinds(incomplete: str) -> list[str]:
    """Complete the kinds that `relay list` takes."""
    from relay.commands.installed import KINDS

    return [kind for kind in (*KINDS, RUNS) if kind.startswith(incomplete)]


def complete_components(incomplete: str) -> list[str]:
    """Complete the names of the installed components that have a contract."""
    from relay.commands.installed import KINDS

    groups = [group for kind, (group, _) in KINDS.items() if kind != "models"]
    return sorted({name for group in groups for name in completing(group)(incomplete)})


def complete_templates(incomplete: str) -> list[str]:
    """Complete the kinds of components that `relay new` writes."""
    from relay.commands.templates import TEMPLATES

    return [kind for kind in TEMPLATES if kind.startswith(incomplete)]
