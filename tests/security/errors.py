"""The site with pages that go wrong in each way, to see what an error page says."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.urls import path

from zhibu.web.config.urls import urlpatterns as site
from zhibu.web.core.pages import open_to_all

SECRET = "SELECT canary FROM secrets /work/secret-path"


def _raising(error: Exception):
    def view(request):
        raise error

    return open_to_all(view)


urlpatterns = [
    *site,
    path("wrong/400/", _raising(SuspiciousOperation(SECRET)), name="wrong-400"),
    path("wrong/403/", _raising(PermissionDenied(SECRET)), name="wrong-403"),
    path("wrong/404/", _raising(Http404(SECRET)), name="wrong-404"),
    path("wrong/500/", _raising(RuntimeError(SECRET)), name="wrong-500"),
]
