"""Redirects for htmx: the browser must go to the new page, not swap it into a corner of the old one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class HtmxRedirect:
    """Turn 3xx answers to htmx requests into HX-Redirect.

    `fetch` would follow the redirect by itself: the whole next page would land in the target, and a
    message meant for that page ("已提交") would be used up by a response nobody sees.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("HX-Request") == "true" and response.status_code in (301, 302, 303, 307, 308):
            response.headers["HX-Redirect"] = response.headers["Location"]
            del response.headers["Location"]
            response.status_code = 204
            response.content = b""
        return response
