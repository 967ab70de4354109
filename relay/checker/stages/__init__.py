"""The stages that a claim goes through: a table for each kind of claim, and what runs them."""
