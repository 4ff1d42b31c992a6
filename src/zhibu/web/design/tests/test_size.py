import pytest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory

from zhibu.web.design.middleware import HtmxRedirect
from zhibu.web.design.views import _may_see

URL = "/design/size/"


@pytest.mark.parametrize(
    ("following", "lands"),
    [
        ("/login/?next=/a", "/login/?next=/a"),
        ("http://testserver/x", "http://testserver/x"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_switch_remembers_and_leads_back_to_this_host_only(client, following, lands):
    response = client.post(URL, {"size": "elder", "next": following})
    assert response.headers["Location"] == lands
    assert response.cookies["size"].value == "elder"
    assert response.cookies["size"]["httponly"]


def test_an_unknown_size_changes_nothing(client):
    assert "size" not in client.post(URL, {"size": "huge"}).cookies


def test_only_by_post(client):
    assert client.get(URL).status_code == 405


@pytest.mark.django_db
def test_the_size_is_on_the_page(client, settings):
    settings.DEBUG = True
    for cookie, shown in (("elder", "elder"), ('"><b>', "normal")):
        client.cookies["size"] = cookie
        assert f'data-size="{shown}"' in client.get("/design/").content.decode()


@pytest.mark.django_db
def test_the_components_are_for_officers(client, cast):
    assert client.get("/design/").status_code == 403
    assert not _may_see(cast.scope("secretary"))
    assert _may_see(cast.scope("officer"))


def test_a_redirect_reaches_htmx_as_a_navigation():
    go = HtmxRedirect(lambda request: redirect("/next/"))
    plain = go(RequestFactory().get("/"))
    assert (plain.status_code, plain.headers["Location"]) == (302, "/next/")
    partial = go(RequestFactory().get("/", headers={"HX-Request": "true"}))
    assert (partial.status_code, partial.headers["HX-Redirect"]) == (204, "/next/")
    assert "Location" not in partial.headers
    assert HtmxRedirect(lambda request: HttpResponse("x"))(RequestFactory().get("/")).content == b"x"
