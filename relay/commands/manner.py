"""How a trial is begun, run and shown: what options say beside its condition."""

from __future__ import annotations

import sys
from dataclasses import dataclass

__all__ = ["Beginning", "Manner"]


@dataclass(frozen=True)
class Manner:
    """How a trial is run and shown. The trial's events do not depend on it."""

    workers: int | None
    """Number of worker processes; None: one a core, at most 8."""
    cached: bool
    """Whether the cache of verdicts is read and written."""
    json: bool
    """Whether the result is printed as JSON."""
    quiet: bool
    """Whether only errors are printed, and the JSON."""
    figures: bool | None
    """Whether the figures of the trial are drawn; None: if the result is printed on a terminal."""

    @property
    def draws(self) -> bool:
        """Whether the figures of the trial are drawn. Whoever runs many trials from a program rarely looks at them, and
        drawing takes a large part of a short trial's time."""
        if self.figures is not None:
            return self.figures
        return not (self.json or self.quiet) and sys.stdout is not None and sys.stdout.isatty()


@dataclass(frozen=True)
class Beginning:
    """What may be done with a trial that is in the directory already."""

    fresh: bool = False
    """Whether it is renamed, so that another one begins in its place."""
    trust: bool = False
    """Whether code among its files may be run. A command line that names the files itself says so without it."""
    other_version: bool = False
    """Whether it goes on if it began under another version."""
    transport: tuple[str, ...] = ()
    """Parameters of its model that no answer depends on, as `key=value`."""
