"""What a sender does in tests: fills in the minutes, sees the weight, sends again."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client


def send(client: Client, address: str, told: dict[str, Any], minutes: int = 20) -> Any:
    """The answer to the second post; the first one has to show the weight."""
    told = told | {"minutes": minutes}
    shown = client.post(address, told)
    found = re.search(r'name="seen" value="(\d+x\d+x\d+)"', shown.content.decode())
    assert shown.status_code == 200 and found, "the weight is shown before anything is sent"
    return client.post(address, told | {"seen": found[1]})
