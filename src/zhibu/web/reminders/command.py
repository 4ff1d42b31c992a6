"""`zhibu remind`, for a timer of the server."""

from __future__ import annotations

import argparse


def run(args: argparse.Namespace) -> int:
    """Exit 0, also when nobody is to be told now; 1 when a message was not taken by its gateway."""
    from zhibu.web.reminders.models import Way
    from zhibu.web.reminders.run import run as remind

    done = remind()
    print(done.words if done.people or done.sms or done.mail else "现在没有要提醒的，或者不在提醒的时间")
    return 1 if done.sms[Way.FAILED] or done.mail[Way.FAILED] else 0
