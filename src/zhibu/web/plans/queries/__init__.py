"""Reads, scope first."""
