"""Which functions of the registers follow which name (`effects.WORDS`)."""

from __future__ import annotations

from zhibu.web.procedures import admitting, electing, passing, reorganising
from zhibu.web.procedures.effects import EFFECTS, Effect

_UNDO = (reorganising.undo, ("organisations.undo",))

EFFECTS.update(
    {
        "members.admit": Effect(("members.admit",), admitting.admit, asks={"id_number": "公民身份号码"}),
        "members.make_full": Effect(("members.admit",), admitting.make_full),
        "members.extend_probation": Effect(("members.admit",), admitting.extend),
        "members.drop_probationary": Effect(("members.change",), admitting.drop),
        "members.send": Effect(("members.move",), passing.send, passing.take_back, ("members.move",)),
        "members.receive": Effect(("members.move",), passing.receive),
        "members.refuse": Effect(("members.move",), passing.give_back),
        "members.leave": Effect(("members.change",), passing.leave),
        "offices.elected": Effect(("offices.keep", "organisations.change"), electing.elected),
        "organisations.set_up": Effect(
            ("organisations.set_up",), reorganising.set_up, reorganising.undo_set_up, ("organisations.undo",)
        ),
        "organisations.rename": Effect(("organisations.rename",), reorganising.rename, *_UNDO),
        "organisations.convert": Effect(("organisations.convert",), reorganising.convert, *_UNDO),
        "organisations.move": Effect(("organisations.move",), reorganising.move, *_UNDO),
        "organisations.merge": Effect(("organisations.merge",), reorganising.merge, *_UNDO),
        "organisations.abolish": Effect(("organisations.abolish",), reorganising.abolish, *_UNDO),
    }
)
