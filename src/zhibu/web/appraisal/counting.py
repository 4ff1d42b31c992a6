"""Whether counted ballots add up, in words a teller can act on; and how many of the first grade there may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

Sums = Mapping[str, int]  # grade → ballots


def slip(issued: int, returned: int, valid: int) -> tuple[str, str] | None:
    """(field, sentence) of what can't be: more came back than went out, or more are valid than came back."""
    if returned > issued:
        return "returned", f"收回 {returned} 张，比发出的 {issued} 张多 {returned - issued} 张。核对后再填"
    if valid > returned:
        return "valid", f"有效 {valid} 张，比收回的 {returned} 张多 {valid - returned} 张。有效票是收回的票里除去废票的"
    return None


def surplus(valid: int, counted: Mapping[str, Sums]) -> Iterator[str]:
    """`counted`: a member's name → ballots. A sentence for each who has more than were valid."""
    for name, sums in counted.items():
        total = sum(sums.values())
        if total > valid:
            parts = " + ".join(str(each) for each in sums.values())
            yield f"{name}：{parts} = {total} 票，比有效的 {valid} 张多 {total - valid} 票"


def most(one_in: int | None, full_members: int) -> int | None:
    """How many may be of the first grade; None: not limited. The base leaves out probationary members."""
    return full_members // one_in if one_in else None
