"""Record what every command writes, to compare two versions of relay byte for byte.

To check that a change keeps the behaviour, record the version before and the version after, and compare:

    python3 benchmarks/behaviour.py record before/ --relay path/to/old/venv/bin/relay
    python3 benchmarks/behaviour.py record after/
    python3 benchmarks/behaviour.py compare before/ after/

For each command a text file is written with its exit status, standard output and standard error. For each trial,
`condition.yaml`, `task.json` and `events.jsonl` are kept. `--claims FILE...` adds files of statements for `relay
check`. `--only WORD` records the cases whose names contain the word. A whole recording takes some minutes on 2 cores.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ("condition.yaml", "task.json", "events.jsonl")
"""The files of a trial whose bytes depend on the condition alone."""
PATIENCE = 3000.0
"""Time limit of a command in seconds."""

NOISE = re.compile(
    r'^Matplotlib is building the font cache.*\n|(?<=took )[^,]*|(?<="seconds_taken": )[0-9.]+', re.MULTILINE
)
"""Text that depends on the surroundings and not on relay: warnings, and how long a trial took."""

ALGEBRA = ("linear_algebra(brief=problems)", "-g", "2", "--evaluations", "1500")
MODEL = ("--model", "mock/explorer", "-g", "2")

TRIALS: dict[str, tuple[str, ...]] = {
    "alien-default": ("alien",),
    "alien-none": ("alien", "--notes", "none", "-g", "3"),
    "alien-journal": ("alien", "--notes", "journal", "-g", "3", "--seed", "2"),
    "alien-ledger-capped": ("alien", "--notes", "ledger(cap=300)", "-g", "4", "--seed", "3"),
    "alien-immortal": ("alien", "--memory", "immortal", "-g", "3", "--seed", "4"),
    "alien-hidden": ("alien", "--truth", "hidden", "-g", "3", "--seed", "5"),
    "alien-width-3": ("alien", "--width", "3", "-g", "3", "--seed", "6"),
    "alien-width-3-journal-immortal-hidden": (
        *("alien", "--width", "3", "-g", "2", "--seed", "7"),
        *("--notes", "journal", "--memory", "immortal", "--truth", "hidden"),
    ),
    "alien-mock": ("alien", *MODEL),
    "alien-mock-width-3-disguised": ("alien", *MODEL, "--width", "3", "--disguise", "4"),
    "alien-mock-grammar": ("alien", *MODEL, "--grammar", "on", "--seed", "2"),
    "alien-own-model": (
        *("alien", "--model", f"mock/{ROOT}/examples/model.py:answer", "-g", "2", "--turns", "3"),
        *("--notes", "journal", "--memory", "immortal"),
    ),
    "alien-garbage": (
        *("alien", "--model", "mock/script", "-g", "2", "--seed", "3"),
        *("-M", 'lines=["no action", "{\\"actions\\": [{\\"action\\": \\"evaluate\\", \\"term\\": \\"1 +\\"}"]'),
    ),
    "alien-priced": ("alien", *MODEL, "--prices", "prices.yaml", "--money", "0.05"),
    "algebra": ALGEBRA,
    "algebra-width-3-journal": (*ALGEBRA, "--width", "3", "--notes", "journal", "--seed", "2"),
    "algebra-mock-hidden": (*ALGEBRA, *MODEL[:2], "--truth", "hidden", "--seed", "3"),
    "algebra-mock-disguised": (*ALGEBRA, *MODEL[:2], "--memory", "immortal", "--disguise", "1"),
    "counting": (f"{ROOT}/examples/counting.yaml", "-g", "2"),
}
"""Name of a case -> the arguments of `relay run`."""

COMMANDS: dict[str, tuple[str, ...]] = {
    **{
        f"help-{'-'.join(words) or 'relay'}": (*words, "--help")
        for words in (
            *((), ("run",), ("resume",), ("show",), ("probe",), ("notes",), ("list",), ("check",), ("task",)),
            *(("task", "list"), ("task", "show"), ("task", "check"), ("cache",), ("cache", "show"), ("cache", "clear")),
        )
    },
    "version": ("--version",),
    "list": ("list",),
    "list-json": ("list", "--json"),
    "list-notes": ("list", "notes"),
    "task-list": ("task", "list"),
    "task-list-json": ("task", "list", "--json"),
    "task-show-alien": ("task", "show", "alien", "--reveal"),
    "task-show-algebra": ("task", "show", "linear_algebra", "--reveal", "--disguise", "2"),
    "task-show-problems": ("task", "show", "linear_algebra(brief=problems)", "--json"),
    "task-check-alien": ("task", "check", "alien", "--survivors", "--no-cache"),
    "task-check-counting": ("task", "check", f"{ROOT}/examples/counting.yaml", "--json", "--no-cache"),
    "task-check-algebra": ("task", "check", "linear_algebra", "--corruptions", "1", "--survivors", "--no-cache"),
    "check-example": ("check", "linear_algebra", f"{ROOT}/examples/statements.relay", "--reveal", "--referee"),
    "cache-clear": ("cache", "clear", "--json"),
    "wrong-command": ("rum", "alien"),
    "wrong-option": ("run", "alien", "--turn", "3"),
    "wrong-task": ("run", "alein"),
    "wrong-parameter": ("run", "alien(depth=3)"),
    "wrong-value": ("run", "alien(q=1)"),
    "wrong-notes": ("run", "alien", "--notes", "ledger(cap=-1)"),
    "wrong-kind": ("list", "things"),
    "wrong-directory": ("show", "nowhere"),
    "wrong-model": ("run", "alien", "--model", "nobody/x"),
    "wrong-budget": ("run", "alien", "--context", "50"),
    "wrong-money": ("run", "alien", "--money", "1"),
    "wrong-file": ("check", "linear_algebra", "nowhere.relay"),
    "wrong-task-file": ("run", "prices.yaml"),
}
"""Name of a case -> the arguments of `relay`."""

PRICES = "currency: USD\nper: 1000000\nmodels:\n  mock/explorer: {input: 2.5, output: 10, cached: 1.25}\n"


def main() -> int:
    """Record or compare. Return the exit status: 1 if two recordings differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    recorder = verbs.add_parser("record")
    recorder.add_argument("directory", type=Path)
    recorder.add_argument("--relay", default=shutil.which("relay"), help="the command to record; default: on the path")
    recorder.add_argument("--claims", type=Path, nargs="*", default=[], help="files of statements in linear_algebra")
    recorder.add_argument("--only", default="", help="record the cases whose name has this word")
    comparer = verbs.add_parser("compare")
    comparer.add_argument("before", type=Path)
    comparer.add_argument("after", type=Path)
    options = parser.parse_args()
    if options.verb == "compare":
        return compare(options.before, options.after)
    Recorder(options.directory, options.relay).record(options.claims, options.only)
    return 0


class Recorder:
    """Runs commands in a scratch directory and keeps their output in `directory`."""

    def __init__(self, directory: Path, relay: str) -> None:
        self.directory = directory.resolve()
        self.relay = str(Path(relay).absolute())
        self.directory.mkdir(parents=True, exist_ok=True)

    def record(self, claims: list[Path], only: str) -> None:
        """Record every case whose name contains `only`, two at a time."""
        with tempfile.TemporaryDirectory() as scratch:
            self.scratch = Path(scratch)
            (self.scratch / "prices.yaml").write_text(PRICES)
            jobs = [(name, words, self.trial) for name, words in TRIALS.items()]
            jobs += [("alien-killed", TRIALS["alien-width-3"], self.killed)]
            jobs += [("probe-algebra", ("linear_algebra", *MODEL[:2], "--draws", "2"), self.probe)]
            jobs += [(name, words, self.command) for name, words in COMMANDS.items()]
            for file in claims:
                words = ("check", "linear_algebra", str(file.resolve()), "--json", "--reveal", "--no-cache")
                jobs += [(f"claims-{file.stem}", (*words, "--statement-size", "500"), self.command)]
            with ThreadPoolExecutor(2) as pool:
                for done in [pool.submit(run, name, words) for name, words, run in jobs if only in name]:
                    print(done.result(), flush=True)

    def environment(self, name: str) -> dict[str, str]:
        """Return a minimal environment, so that the user's own variables can't change a recording."""
        own = {
            "RELAY_CACHE_DIR": str(self.scratch / "cache" / name),
            "RELAY_LOG_DIR": "runs",
            "HOME": str(self.scratch),
        }
        return {"PATH": os.environ["PATH"], "COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb", **own}

    def command(self, name: str, words: tuple[str, ...]) -> str:
        """Run `relay` with the arguments `words`, keep its exit status and both outputs, and return its duration."""
        begun = time.monotonic()
        done = subprocess.run(
            [self.relay, *words],
            cwd=self.scratch,
            env=self.environment(name),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        text = f"exit status {done.returncode}\n--- output\n{done.stdout}--- errors\n{done.stderr}"
        text = NOISE.sub("", text).replace(str(self.scratch), "SCRATCH").replace(str(ROOT), "ROOT")
        (self.directory / f"{name}.txt").write_text(text)
        return f"{time.monotonic() - begun:6.1f} s  {name}"

    def trial(self, name: str, words: tuple[str, ...]) -> str:
        """Run a trial; keep its files, and the output of `show` and `notes`."""
        said = self.command(f"run-{name}", ("run", *words, "--out", f"trials/{name}"))
        self.look_at(name)
        return said

    def probe(self, name: str, words: tuple[str, ...]) -> str:
        """Run a probe; keep its files, and the output of `show` and `notes`."""
        said = self.command(name, ("probe", *words, "--out", f"trials/{name}"))
        self.look_at(name)
        return said

    def killed(self, name: str, words: tuple[str, ...]) -> str:
        """Kill a trial after its first generation, resume it, and keep its files and outputs."""
        out = self.scratch / "trials" / name
        command = [self.relay, "run", *words, "--out", str(out), "-q"]
        running = subprocess.Popen(
            command,
            cwd=self.scratch,
            env=self.environment(name),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a process group of its own, so that its workers are killed with it
        )
        while running.poll() is None and not _has_ended_a_generation(out / "events.jsonl"):
            time.sleep(0.01)
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        said = self.command(f"resume-{name}", ("resume", f"trials/{name}"))
        self.look_at(name)
        return said

    def look_at(self, name: str) -> None:
        """Keep the files of a trial and the output of the commands that read it."""
        where = f"trials/{name}"
        kept = self.directory / "trials" / name
        kept.mkdir(parents=True, exist_ok=True)
        for file in KEPT:
            if (self.scratch / where / file).exists():
                shutil.copyfile(self.scratch / where / file, kept / file)
        self.command(f"show-{name}", ("show", where))
        self.command(f"show-{name}-json", ("show", where, "--json"))
        self.command(f"show-{name}-1", ("show", where, "-g", "1"))
        self.command(f"notes-{name}", ("notes", where))
        self.command(f"notes-{name}-json", ("notes", where, "--json", "-g", "1"))


def _has_ended_a_generation(log: Path) -> bool:
    return log.exists() and b'"generation_ended"' in log.read_bytes()


def compare(before: Path, after: Path) -> int:
    """Print the names of the files that differ or are missing on one side. Return 1 if there are any, otherwise 0."""
    names = sorted({*_files(before), *_files(after)})
    different = 0
    for name in names:
        old, new = before / name, after / name
        if not (old.exists() and new.exists()):
            print(f"only in {before if old.exists() else after}: {name}")
        elif not filecmp.cmp(old, new, shallow=False):
            print(f"different: {name}")
        else:
            continue
        different += 1
    print(f"{len(names)} files, {different} different")
    return int(different > 0)


def _files(directory: Path) -> Iterator[str]:
    return (str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main())
