"""`process`: a researcher that is another program, in any language.

`researcher` is the agent; it has the prompt of a language model. `protocol` makes a request from a view and reads the
reply; `program` is the running program of one tenure, one JSON object a line on its standard input and output.
"""

from agents.process.researcher import Process

__all__ = ["Process"]
