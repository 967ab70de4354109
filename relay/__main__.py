"""`python -m relay`: the same as the `relay` command."""

import gc
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from relay.errors import UsageError

NAMES = ("agents", "analysis", "cli", "tasks")

OBJECTS_BETWEEN_COLLECTIONS = 200_000
"""New objects after which Python looks for garbage; by default it is 700. Imports make some hundred thousand objects,
all of which stay, and looking through them again and again takes a noticeable part of a short command's time."""


def main() -> None:
    """Run the command line; exit status 2 with one line where relay's own packages can't be reached."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    try:
        check_names(Path(__file__).resolve().parents[1])
        import_module("cli").main()  # by name: relay imports nothing of the command line
    except UsageError as error:
        print(f"relay: {error}", file=sys.stderr)
        sys.exit(2)
    finally:
        gc.freeze()  # all memory goes with the process: nobody has to look through it first


def check_names(home: Path) -> None:
    """`UsageError` when one of `NAMES` would be imported from elsewhere than beside `relay`, which is in `home`."""
    for name in NAMES:
        spec = find_spec(name)
        if spec is None:
            raise UsageError(
                f"`{name}` is missing beside `relay` in {home}: the installation is incomplete; "
                "mend: `python3 -m pip install --force-reinstall --no-deps relay-instrument`"
            )
        found = Path(spec.origin).resolve() if spec.origin else None
        if found not in (home / f"{name}.py", home / name / "__init__.py"):
            where = found or ", ".join(spec.submodule_search_locations or ("?",))
            raise UsageError(
                f"another distribution shadows relay's `{name}`: {where} comes before {home} on the path; "
                "mend: uninstall it, or install relay in a virtual environment of its own"
            )


if __name__ == "__main__":
    main()
