"""The commands that show and compare trials. Nothing else in `analysis` knows of a command line."""
