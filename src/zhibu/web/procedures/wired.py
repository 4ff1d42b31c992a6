"""Which functions of the registers follow which name (`effects.WORDS`)."""

from __future__ import annotations

from zhibu.web.procedures import admitting
from zhibu.web.procedures.effects import EFFECTS, Effect

EFFECTS.update(
    {
        "members.admit": Effect("members.admit", admitting.admit, asks={"id_number": "公民身份号码"}),
        "members.make_full": Effect("members.admit", admitting.make_full),
        "members.extend_probation": Effect("members.admit", admitting.extend),
        "members.drop_probationary": Effect("members.change", admitting.drop),
    }
)
