"""Writes, each with its audit line."""
