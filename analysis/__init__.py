"""From trial directories to numbers and figures.

The only input is the files of a trial: `condition.yaml`, `task.json` and `events.jsonl`. No engine, task or agent is
imported, so a directory that was copied from another machine gives the same results.

- Reading: `trials` reads a trial, `notes` its note store.
- Computing: `frontier`, `leaps`, `recalls`, `crossing`, `usable_answers`; `summary` collects the numbers as JSON data.
- Showing: `terminal`, `generation_view` and `remarks` in text; `frontier_figure` and `graph_figure` (through `figures`)
  as pictures; `labels` and `style` are shared.
- Probes, which measure prior knowledge: `probe`, `probe_match`, `probe_selection`, `probe_summary`, `probe_view`.
"""
