"""Forms of plans, notices, themes and fixed days."""
