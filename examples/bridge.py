"""A researcher as a program: one JSON object a line, a request on standard input and its answer on standard output.

    relay run alien --agent "process(command='python3 examples/bridge.py')" -g 2

This one needs no model: it states what its list says. To put a model or a scaffold of your own in the chair, write
another `answer`. Whatever else the program has to say goes to standard error.
"""

import json
import sys

LINES = [
    [
        {"action": "state", "source": "define twice(x: Element) -> Element = vet(x, x)"},
        {"action": "evaluate", "term": "[twice(x) for x in Element]"},
    ],
    [{"action": "record", "statement": "twice", "remark": "vet of an element with itself"}, {"action": "end"}],
]


def answer(request: dict) -> str:
    """The text of the answer to a prompt, `request["messages"]`, of at most `request["max_tokens"]` tokens."""
    turn = min(request["turn"], len(LINES))
    return json.dumps({"actions": LINES[turn - 1]})


def main() -> None:
    """Answer until the input ends, which is when this researcher's time is over."""
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({"turn": request["turn"], "text": answer(request)}), flush=True)


if __name__ == "__main__":
    main()
