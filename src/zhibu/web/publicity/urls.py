from django.urls import URLPattern, path

from zhibu.web.publicity.registers import REGISTERS
from zhibu.web.publicity.views import news, papers, registers, share, stories


def _register(kind: str) -> list[URLPattern]:
    """The pages of one register."""
    told = {"kind": kind}
    return [
        path(f"{kind}/", registers.listing, told, name=f"publicity-{kind}"),
        path(f"{kind}/export/", registers.export, told, name=f"publicity-{kind}-export"),
        path(f"{kind}/new/", registers.new, told, name=f"publicity-{kind}-new"),
        path(f"{kind}/<int:number>/", registers.edit, told, name=f"publicity-{kind}-edit"),
        path(f"{kind}/<int:number>/strike/", registers.strike, told, name=f"publicity-{kind}-strike"),
    ]


urlpatterns = [
    path("", news.listing, name="publicity"),
    path("export/", news.export, name="publicity-export"),
    path("new/", news.new, name="news-new"),
    path("<int:number>/", news.one, name="news"),
    path("<int:number>/edit/", news.edit, name="news-edit"),
    path("<int:number>/withdraw/", news.withdraw, name="news-withdraw"),
    path("<int:number>/share/", news.share, name="news-share"),
    path("<int:number>/adopt/", news.adopt, name="news-adopt"),
    path("<int:number>/back/", news.send_back, name="news-back"),
    path("rates/", share.rates, name="publicity-rates"),
    path("rates/export/", share.rates_export, name="publicity-rates-export"),
    path("participation/", share.participation, name="publicity-participation"),
    path("participation/export/", share.participation_export, name="publicity-participation-export"),
    path("exchange/", share.exchange, name="publicity-exchange"),
    path("exchange/<int:number>/", share.exchanged, name="publicity-exchanged"),
    path("papers/<str:number>/", papers.papers, name="meeting-papers"),
    path("papers/<str:number>/<int:paper>/drop/", papers.drop, name="meeting-paper-drop"),
    path("stories/", stories.listing, name="stories"),
    path("stories/new/", stories.new, name="story-new"),
    path("stories/<int:number>/", stories.one, name="story"),
    path("stories/<int:number>/change/", stories.change, name="story-change"),
    path("stories/<int:number>/consent/", stories.consent, name="story-consent"),
    path("stories/<int:number>/edit/", stories.edit, name="story-edit"),
    path("stories/<int:number>/publish/", stories.publish, name="story-publish"),
    path("stories/<int:number>/down/", stories.take_down, name="story-down"),
    path("stories/<int:number>/files/", stories.files, name="story-files"),
    path("stories/<int:number>/files/<str:key>/", stories.file, name="story-file"),
    path("stories/<int:number>/files/<str:key>/remove/", stories.remove, name="story-file-remove"),
    *(one for kind in REGISTERS for one in _register(kind)),
]
