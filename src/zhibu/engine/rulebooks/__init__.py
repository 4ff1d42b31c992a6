"""Rulebooks: YAML in, checked frozen objects out, errors with file and line."""
