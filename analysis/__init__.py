"""From trial directories to numbers and pictures.

Everything here works from what a trial left on disk (`condition.yaml`, `task.json`, `events.jsonl`) and from nothing
else: no engine, task or agent is imported, so a directory that was copied from another machine reads the same.

`trials` reads a trial; `frontier`, `leaps`, `recalls` and `usable_answers` compute; `summary` puts the numbers
together, and `terminal`, `labels`, `style`, `frontier_figure` and `graph_figure` show them. `probe`, `probe_match`,
`probe_selection` and `probe_view` are about what was known already; `notes` reads the store.
"""
