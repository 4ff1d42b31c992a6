"""What the rules against formalism forbid to ask for or to count, found in rulebooks and schemes. Serves the reader.

The list is data (`list.yaml`). Nothing here decides a verdict; `evaluate` never refuses: it must reproduce the past.
"""

from zhibu.engine.formalism.judge import Finding, judge, refused, warned
from zhibu.engine.formalism.model import Catalogue
from zhibu.engine.formalism.read import official, read

__all__ = ["Catalogue", "Finding", "judge", "official", "read", "refused", "warned"]
