"""A model written as a function: `relay run alien --model mock/examples/model.py:answer -g 1 --turns 2`."""

import json

from agents.models import Request


def answer(request: Request) -> str:
    """Return the text of the answer to a prompt."""
    if any(message.role == "assistant" for message in request.messages):  # not the first turn: end the tenure
        return json.dumps({"actions": [{"action": "end"}]})
    define = {"action": "state", "source": "define twice(x: Element) -> Element = vet(x, x)"}
    ask = {"action": "evaluate", "term": "[twice(x) for x in Element]"}
    return json.dumps({"actions": [define, ask]})
