"""The embedded researcher."""
