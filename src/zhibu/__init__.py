"""Zhibu: rules as data, explained verdicts, for the grass-roots organisations of the Party."""

__version__ = "0.1.0"
