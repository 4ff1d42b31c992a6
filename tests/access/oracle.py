"""What must happen, from two files written by hand: `routes.yaml` and the product's `policy.yaml`.

It reads the policy with its own few lines and knows relations by the names of the world's places, so it agrees with no
fault of the code that decides (security.md, pitfall 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
POLICY = yaml.safe_load((HERE.parents[1] / "src/zhibu/web/access/policy.yaml").read_text("utf-8"))
ROUTES: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "routes.yaml").read_text("utf-8"))
ROLES = list(POLICY["roles"])
POINTED = {role for role, told in POLICY["roles"].items() if "assigned" in told}
# place of the world → relation of the policy; what is not here no post reaches.
RELATION = {
    "own": "own", "descendant": "below", "archived": "below", "sector": "sector", "organ": "organ", "guided": "guided",
    "assigned": "assigned",
}  # fmt: skip
PLACES = [
    "own", "descendant", "archived", "ancestor", "sibling", "cousin", "sector", "organ", "guided", "assigned",
    "nonexistent",
]  # fmt: skip


@dataclass(frozen=True)
class Route:
    name: str
    needs: str | None
    methods: tuple[str, ...]
    path: dict[str, str]
    query: dict[str, str]
    form: dict[str, str]
    only: str
    writes: bool
    whole: bool
    reverse_as: str
    shows: tuple[str, ...]
    mine: bool
    top: bool
    public: bool

    @property
    def placed(self) -> bool:
        """Whether the address names something of an organisation."""
        return any(not str(word).startswith("=") for word in [*self.path.values(), *self.query.values()])

    @property
    def placed_by_form(self) -> bool:
        return not self.placed and any(not str(word).startswith("=") for word in self.form.values())


def route(name: str) -> Route:
    told = ROUTES[name]
    return Route(
        name, told["needs"], tuple(told.get("methods", ["GET"])), told.get("path", {}), told.get("query", {}),
        told.get("form", {}), told.get("only", ""), told.get("writes", False), told.get("whole", False),
        told.get("as", name), tuple(told.get("shows", ())),
        told.get("mine", False), told.get("top", False), told.get("public", False),
    )  # fmt: skip


def relations(role: str, action: str) -> set[str]:
    """The relations in which a role may do an action."""
    found: set[str] = set()
    for relation, given in POLICY["roles"][role].items():
        if relation in ("name", "appoints"):
            continue
        actions = {one for word in given["do"] for one in POLICY["bundles"].get(word, [word])}
        if action in actions:
            found |= {"own", "below"} if relation == "own_and_below" else {relation}
    return found


def reached(role: str, action: str, place: str, only: str = "") -> bool:
    relation = RELATION.get(place)
    return relation in relations(role, action) and (not only or relation == only)


def visible(role: str, route: Route) -> set[str]:
    """The places whose rows a page may show to a role."""
    if route.public:
        return {*PLACES, "top", "elsewhere"} - {"nonexistent"}
    actions = [*([route.needs] if route.needs else []), *route.shows]
    return {place for place in RELATION for action in actions if reached(role, action, place)}
