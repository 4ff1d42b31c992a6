"""The reader's text size: the cookie of this device first, then the account."""

from django.http import HttpRequest

from zhibu.web.design.vocabulary import SIZES

COOKIE = "size"


def size_of(request: HttpRequest) -> str:
    for size in (request.COOKIES.get(COOKIE), getattr(getattr(request, "user", None), "text_size", None)):
        if size in SIZES:
            return str(size)
    return "normal"
