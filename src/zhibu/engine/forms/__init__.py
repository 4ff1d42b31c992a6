"""Forms that are sent down: what they ask, from where it is known already, and what is therefore refused.

What is held is data (`held.yaml`), as the formalism list is. Nothing here fills in a form or keeps an answer.
"""

from zhibu.engine.forms.held import HELD, Held, official, read_held
from zhibu.engine.forms.judge import judge, known, refused, warned
from zhibu.engine.forms.model import Field, Form
from zhibu.engine.forms.read import parse, read

__all__ = [
    "HELD", "Field", "Form", "Held", "judge", "known", "official", "parse", "read", "read_held", "refused", "warned",
]  # fmt: skip
