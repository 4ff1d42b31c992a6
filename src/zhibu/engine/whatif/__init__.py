"""What would change: the same facts under a published and a drafted set of rules or scheme. Serves decisions.

Only what differs is computed again. What rules count is kept by rule (`counted.py`), so a changed scheme needs no
kernel and a changed rulebook only its changed rules. Both sides get the numbers two full evaluations would publish, and
the difference of every total is taken apart into reasons that sum to it (`parts.py`).
"""
