"""The rule engine: dated rules and facts in, verdicts with their evidence out.

Pure Python: no Django, no HTTP, no users. The meaning is fixed by `docs/manual/engine.md`; it is computed by
the backends in `backends/`, which must agree row for row.
"""
