"""The stages that a claim goes through: a table for each kind of claim (`tables`), and the loop that runs one
(`running`)."""
