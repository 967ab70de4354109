"""Everything that is written to files, as frozen records, and the files that hold it.

`task`, `condition`, `budget`, `prices`, `events` and `status` are data; `spec` is how a component is spelt; `log` and
`trial_files` read and write the files of a trial; `record` is the base of all records. Nothing here computes, runs or
judges anything, so that logs can be read without the rest of relay.
"""
