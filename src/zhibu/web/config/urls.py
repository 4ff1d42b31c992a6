"""The table of contents of the site."""

from django.urls import include, path

from zhibu.web.config.home import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("zhibu.web.accounts.urls")),
    path("", include("zhibu.web.access.urls")),
    path("records/", include("zhibu.web.records.urls")),
    path("design/", include("zhibu.web.design.urls")),
]
