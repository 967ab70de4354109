"""The engine: trials of researchers who pass notes, and the checker that decides what is true.

Nine rooms, each importing only those before it: `records` (what is written down), `notation` (the language),
`evaluation` (values of terms), `checker` (verdicts), `scoring` (credit, hidden from researchers), `researcher` (what a
researcher sees and can do), `schemes` (what a study varies), `trial` (the loop), `commands` (the command line's side).
Beside them: `errors`, `text`, `seeds`, `components`. Nothing here imports `tasks`, `agents` or `analysis`.
"""
