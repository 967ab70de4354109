"""The stages that a claim goes through: a table of stages for each kind of claim (`tables`), and the loop that runs the
stages of a table (`running`)."""
