"""`relay cache show|clear`, and the cache that commands open."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from relay.scoring.cache import Cache
from relay.commands.app import cache_app
from relay.commands.options import JsonOption
from relay.commands.output import _print_json, _say


@cache_app.command("show", epilog="Examples: relay cache show\n\nrelay cache show --json")
def cache_show(json: JsonOption = False) -> None:
    """Show where the cache is, what it holds, and how often something was found in it."""
    from relay.scoring.cache import report

    found = report()
    _print_json(found.model_dump(mode="json")) if json else typer.echo(found.words())


@cache_app.command("clear", epilog="Example: relay cache clear")
def cache_clear(json: JsonOption = False) -> None:
    """Remove the cache; what was in it is worked out again when it is needed."""
    from relay.scoring.cache import cache_directory, clear

    freed = clear()
    if json:
        _print_json({"path": str(cache_directory()), "freed": freed})
    else:
        _say(f"{freed / (1 << 20):.1f} MiB freed in {cache_directory()}")


@contextlib.contextmanager
def _cache(wanted: bool) -> Iterator[Cache | None]:
    """The user's cache, unless it is not wanted."""
    from relay.scoring.cache import Cache

    if not wanted:
        yield None
        return
    with Cache(warn=lambda text: _say(f"relay: {text}")) as cache:
        yield cache
