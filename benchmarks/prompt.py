"""Print how long the first prompt of a language model is, part by part, by relay's own count of tokens.

    python3 benchmarks/prompt.py
    python3 benchmarks/prompt.py --task alien --task 'linear_algebra(brief=problems)'

The fixed part is everything before the brief. The tests hold it at 1,500 tokens at most.
"""

from __future__ import annotations

import argparse

from agents.llm import LanguageModel
from relay.records.budget import Spent
from relay.researcher.observation import Inheritance, TenureView
from relay.researcher.tokens import count_messages, count_text
from relay.trial.opening import observe
from relay.trial.resolve import resolve_condition
from relay.trial.setup import TrialSetup, task_of

TASKS = ("alien", "alien(q=5, layers=10, width=4, term_size=3)", "linear_algebra", "linear_algebra(brief=problems)")
SHOWN = "To be explained:"
"""The words before the phenomena."""


def main() -> None:
    """Print a row for each task."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", action="append", help="a task with its parameters; may be given several times")
    options = parser.parse_args()
    print(f"{'fixed':>6} {'phenomena':>10} {'whole':>6}  task")
    for task in options.task or TASKS:
        fixed, phenomena, whole = parts(task)
        print(f"{fixed:6,} {phenomena:10,} {whole:6,}  {task}")


def parts(task: str) -> tuple[int, int, int]:
    """Tokens of the fixed part, of the phenomena, and of the whole prompt."""
    condition = resolve_condition(task, agent={"name": "llm", "parameters": {"model": "mock/script"}}, seed=1)
    setup = TrialSetup.of(condition, task_of(condition))
    observation = observe(setup, Inheritance())
    room = setup.budget.answer
    view = TenureView(observation=observation, turns=(), spent=Spent(), answer_room=room, context_left=room)
    agent = setup.agent
    assert isinstance(agent, LanguageModel)
    messages = agent.messages(view)
    system = messages[0].content
    fixed = system.partition(observation.brief.strip())[0]
    return count_text(fixed), count_text(system.partition(SHOWN)[2]), count_messages(messages)


if __name__ == "__main__":
    main()
