"""A researcher in a folder, for people and for programs that read and write files.

    relay run alien --agent "process(command='python3 examples/mailbox.py mail', timeout=86400)"

Each life has a folder of its own: `mail/life-1`, `mail/life-2`, ... For turn N this program writes

    turn-N.json         the request as relay sent it
    turn-N.new.md       the messages that are new in this turn
    turn-N.prompt.md    the whole prompt; it is written last, so the other two are there when it is

and waits for an answer in `turn-N.answer`. The answer is read at once if the empty file `turn-N.done` is there too;
without it, when the answer has not changed for two seconds. So write the answer under another name and rename it, or
write the answer and then `turn-N.done`. When the life is over, the file `over` appears in its folder.

`--timeout S` gives each answer S seconds; a later one costs the turn. Without it, only relay's own `timeout` applies.
"""

import argparse
import itertools
import json
import os
import select
import sys
import time
from pathlib import Path

PAUSE = 0.2
"""Seconds between two looks into the folder."""
SETTLED = 2.0
"""Seconds for which an answer without its mark must not have changed."""


def new_life(folder: Path) -> Path:
    """Make the next free folder of a life. Programs that run side by side never get the same one."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        life = folder / f"life-{number}"
        try:
            life.mkdir()
        except FileExistsError:
            continue
        return life
    raise AssertionError("there is always a next number")


def write(path: Path, text: str) -> None:
    """Write a file that is either whole or not there."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(text.encode("utf-8", "replace"))
    part.replace(path)


def as_text(messages: list[dict[str, str]]) -> str:
    """Messages as one text for a reader."""
    return "\n\n".join(f"<!-- {message['role']} -->\n\n{message['content']}" for message in messages) + "\n"


def written(answer: Path, done: Path) -> bool:
    """Whether the answer is whole."""
    if not answer.is_file():
        return False
    if done.exists():
        return True
    about = answer.stat()
    return about.st_size > 0 and time.time() - about.st_mtime >= SETTLED


def wait(answer: Path, done: Path, seconds: float) -> dict[str, str] | None:
    """The reply with the answer of one turn; None if relay has closed the input, because the life is over."""
    latest = time.monotonic() + seconds
    while not written(answer, done):
        if time.monotonic() > latest:
            return {"fault": f"no answer came within {seconds:g} seconds"}
        # relay sends nothing while it waits, so the input can only be at its end
        if select.select([sys.stdin], [], [], PAUSE)[0]:
            return None
    return {"text": answer.read_bytes().decode("utf-8", "replace")}


def main() -> None:
    """Answer every request with what is written in the folder."""
    options = argparse.ArgumentParser(description="Answer relay's prompts from the files of a folder.")
    options.add_argument("folder", type=Path)
    options.add_argument("--timeout", type=float, default=float("inf"), help="seconds for an answer")
    given = options.parse_args()
    life = None
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        life = life or new_life(given.folder)
        name = f"turn-{request['turn']}"
        write(life / f"{name}.json", json.dumps(request, indent=1, ensure_ascii=False) + "\n")
        write(life / f"{name}.new.md", as_text(request["messages"][request["new"] :]))
        write(life / f"{name}.prompt.md", as_text(request["messages"]))
        reply = wait(life / f"{name}.answer", life / f"{name}.done", given.timeout)
        if reply is None:
            break
        os.write(sys.stdout.fileno(), json.dumps(reply).encode() + b"\n")
    if life is not None:
        write(life / "over", "")


if __name__ == "__main__":
    main()
