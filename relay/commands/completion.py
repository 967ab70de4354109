"""What the shell offers to complete."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["complete_kinds", "complete_models", "completing"]


def completing(group: str) -> Callable[[str], list[str]]:
    """Completes the names of the components of a group that are installed."""

    def complete(incomplete: str) -> list[str]:
        from relay.components import available

        return [name for name in available(group) if name.startswith(incomplete)]

    return complete


def complete_models(incomplete: str) -> list[str]:
    """Completes the providers of models."""
    return [f"{name}/" for name in completing("relay.models")(incomplete.partition("/")[0])]


def complete_kinds(incomplete: str) -> list[str]:
    """Completes the kinds of what is installed."""
    from relay.commands.installed import KINDS

    return [kind for kind in KINDS if kind.startswith(incomplete)]
