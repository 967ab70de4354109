"""Runs toy trials in processes that are killed: `run_toy.py DIRECTORY WIDTH MEMORY NOTES KILLS`.

Trials of one condition are run in DIRECTORY/0, DIRECTORY/1 and so on, each until it ends, until KILLS processes were
killed. It prints their number. Everything is imported once and each run is a fork, so that the kills hit the run and
not the imports.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.trial.helpers import condition, run


def main(where: str, width: str, memory: str, notes: str, kills: str) -> int:
    agent = {"name": f"{Path(__file__).parent / 'toy.py'}:Wanderer", "parameters": {"pause": 0.004}}
    chosen = condition(agent=agent, width=int(width), memory=memory, notes=notes, generations=6)
    draw = random.Random(int(kills))
    killed = trial = 0
    while killed < int(kills):
        child = os.fork()
        if child == 0:
            run(Path(where) / str(trial), chosen)
            os._exit(0)
        time.sleep(draw.uniform(0, 0.2))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        trial += not os.WIFSIGNALED(status)  # it ended before it could be killed
    run(Path(where) / str(trial), chosen)
    return killed


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
