"""Procedures: steps in an order with days, gates, papers and votes (docs/decisions/0018-procedures.md)."""
