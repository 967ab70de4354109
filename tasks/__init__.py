"""Invention tasks: components with `build(seed) -> Task`, or task files.

`alien` generates theories that occur in no training data, `linear_algebra` reads `linear_algebra.yaml`, and `files`
reads any task file. A task is data: its mathematics is text in the notation, which relay reads and checks
(`relay.scoring.theory`).
"""
