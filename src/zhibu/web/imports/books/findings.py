"""What was found in a row, and the row with its verdict. Serves meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """`column` is 0-based, None when no single cell is to blame. `reason` says what is wrong and what is right."""

    reason: str
    column: int | None = None
    level: str = ERROR


@dataclass(slots=True)
class Checked:
    """A data row with what it means (`value`) and what is wrong with it. `row` is Excel's row number."""

    sheet: str
    row: int
    book: int = 0  # place among the files of the call
    value: Any = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return not any(finding.level == ERROR for finding in self.findings)

    @property
    def reason(self) -> str:
        return "；".join(finding.reason for finding in self.findings if finding.level == ERROR)

    def error(self, reason: str, column: int | None = None) -> None:
        self.findings.append(Finding(reason, column))

    def warn(self, reason: str, column: int | None = None) -> None:
        self.findings.append(Finding(reason, column, WARNING))
