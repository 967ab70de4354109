"""`python -m relay`: the same as the `relay` command."""

import gc
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from relay.errors import UsageError
from relay.text import printable

NAMES = ("agents", "analysis", "cli", "tasks")

OBJECTS_BETWEEN_COLLECTIONS = 200_000
"""Number of new objects after which Python collects garbage (its default is 700). Imports create some hundred thousand
objects that all stay; scanning them repeatedly takes a noticeable part of a short command's time."""


def main() -> None:
    """Run the command line. If relay's own packages can't be imported, print one line and exit with status 2."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    # Otherwise pydantic reads the metadata of every installed distribution, to find plugins that relay does not use.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        check_names(Path(__file__).resolve().parents[1])
        import_module("cli").main()  # by name: `relay` must not depend on the command line
    except UsageError as error:
        print(printable(f"relay: {error}"), file=sys.stderr)
        sys.exit(2)
    finally:
        gc.freeze()  # no garbage collection at exit: the process frees its memory anyway


def check_names(home: Path) -> None:
    """Raise `UsageError` if one of `NAMES` would not be imported from `home`, the folder in which `relay` lies."""
    for name in NAMES:
        spec = find_spec(name)
        if spec is None:
            raise UsageError(
                f"`{name}` is missing beside `relay` in {home}: the installation is incomplete; "
                "fix: `python3 -m pip install --force-reinstall --no-deps relay-instrument`"
            )
        found = Path(spec.origin).resolve() if spec.origin else None
        if found not in (home / f"{name}.py", home / name / "__init__.py"):
            where = found or ", ".join(spec.submodule_search_locations or ("?",))
            raise UsageError(
                f"another distribution shadows relay's `{name}`: {where} comes before {home} on the path; "
                "fix: uninstall it, or install relay in a virtual environment of its own"
            )


if __name__ == "__main__":
    main()
