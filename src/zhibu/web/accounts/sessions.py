"""The session engine (`SESSION_ENGINE`): Django's own over our table, with an idle and an absolute limit on the server.

`SESSION_COOKIE_AGE` is the idle limit, `SESSION_LONGEST` the absolute one, both in seconds.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY as USER
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest

from zhibu.web.accounts import devices
from zhibu.web.accounts.models import Session
from zhibu.web.audit import where
from zhibu.web.core import clock

STEP = 60  # seconds: "last used" is written at most so often, for a read should not cost a write
STARTED, DEVICE, ADDRESS = "_started", "_device", "_address"


def stored(key: str) -> str:
    """What the table holds of a key. Keys are 165 random bits, so a plain digest cannot be turned round."""
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(DatabaseStore):
    row: Session | None = None  # as it was read for this request
    late_owner: int | None = None  # whose session it was that expired just now

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        row = Session.objects.filter(session_key=stored(self.session_key)).first()
        if row is not None and row.expire_date > clock.now():
            self.row = row
            return self.decode(row.session_data)
        self.late_owner = row.user_id if row else None
        self._session_key = None
        return {}

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=stored(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            Session.objects.filter(session_key=stored(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = clock.now()
        before = self.row.started_at if self.row else now
        started = datetime.fromisoformat(data[STARTED]) if STARTED in data else before
        return Session(
            session_key=stored(self._get_or_create_session_key()),
            session_data=self.encode(data),
            expire_date=_end(started, now),
            user_id=data.get(USER),
            device=data.get(DEVICE, ""),
            address=data.get(ADDRESS, ""),
            started_at=started,
            seen_at=now,
        )

    def touch(self) -> None:
        """The session is in use: the idle limit begins anew."""
        row, now = self.row, clock.now()
        if row is not None and now - row.seen_at >= timedelta(seconds=STEP):
            Session.objects.filter(pk=row.pk).update(seen_at=now, expire_date=_end(row.started_at, now))


def _end(started: datetime, now: datetime) -> datetime:
    idle = now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return min(idle, started + timedelta(seconds=settings.SESSION_LONGEST))


def forget() -> None:
    """Sessions that ended more than a day ago."""
    Session.objects.filter(expire_date__lt=clock.now() - timedelta(days=1)).delete()


def end_all(user_id: int, but: str = "") -> int:
    """End the sessions of a person, save the one whose stored key is `but`. Returns how many."""
    return Session.objects.filter(user_id=user_id).exclude(session_key=but).delete()[0]


def begin(sender: object, request: HttpRequest, **_kwargs: object) -> None:
    """A session of a signed-in person begins: its absolute limit runs from now; which device, from where."""
    request.session[STARTED] = clock.now().isoformat()
    request.session[DEVICE] = where.device_of(request.headers.get("User-Agent"))
    request.session[ADDRESS] = devices.address(request)
