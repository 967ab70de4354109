"""The commands `relay cache show` and `relay cache clear`, and how other commands open the cache."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from relay.commands.app import Command
from relay.commands.options import JsonOption
from relay.commands.output import echo, print_json, say

if TYPE_CHECKING:
    from relay.scoring.cache import Cache

__all__ = ["CACHE_COMMANDS", "cache_clear", "cache_show", "open_cache"]


def cache_show(json: JsonOption = False) -> None:
    """Show the cache's path, its size, and the share of look-ups that found a verdict."""
    from relay.scoring.cache import report

    found = report()
    print_json(found.model_dump(mode="json")) if json else echo(found.words())


def cache_clear(json: JsonOption = False) -> None:
    """Remove the cache. Verdicts are computed again when they are needed."""
    from relay.scoring.cache import cache_directory, clear

    freed = clear()
    if json:
        print_json({"path": str(cache_directory()), "freed": freed})
    else:
        say(f"{freed / (1 << 20):.1f} MiB freed in {cache_directory()}")


@contextlib.contextmanager
def open_cache(wanted: bool) -> Iterator[Cache | None]:
    """Open the user's cache for the body; None if it is not `wanted`. Faults of the cache are warnings, not errors."""
    from relay.scoring.cache import Cache

    if not wanted:
        yield None
        return
    with Cache(warn=lambda text: say(f"relay: {text}")) as cache:
        yield cache


CACHE_COMMANDS = (
    Command("show", cache_show, "relay cache show", "relay cache show --json"),
    Command("clear", cache_clear, "relay cache clear"),
)
