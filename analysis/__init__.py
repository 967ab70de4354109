"""From trial directories to numbers and pictures.

Everything here works from what a trial left on disk (`condition.yaml`, `task.json`, `events.jsonl`) and from nothing
else: no engine, task or agent is imported, so a directory that was copied from another machine reads the same.
"""
