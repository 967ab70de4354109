"""What components must keep, as rules that a test or a command checks on any component, a user's own too.

`rule` has what a rule is. `note_schemes` has the rules of note schemes; `note_subject` prepares a scheme for them, in a
short trial of `improviser`, a researcher that uses every action of a scheme, and misuses them.
"""
