"""The question itself: does the frontier of a chain stall, at which depth, or is it still moving?

- `curves`: the depth of a chain's frontier, generation by generation
- `models`: three models of such curves, fitted to some trials and tried on the others
- `answer`: what follows, and how sure it is
- `words`: the same as a sentence
"""
