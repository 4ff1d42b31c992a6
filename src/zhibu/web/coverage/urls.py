from django.urls import path

from zhibu.web.coverage import overview_views, place_views, unit_views, views

urlpatterns = [
    path("", views.units, name="units"),
    path("export/", views.download, name="units-export"),
    path("new/", views.new, name="unit-new"),
    path("<int:number>/", unit_views.unit, name="unit"),
    path("<int:number>/change/", views.change, name="unit-change"),
    path("<int:number>/committee/", unit_views.give, name="unit-give"),
    path("<int:number>/let-go/", unit_views.let_go, name="unit-let-go"),
    path("<int:number>/cover/", unit_views.cover, name="unit-cover"),
    path("<int:number>/uncover/<int:row>/", unit_views.uncover, name="unit-uncover"),
    path("<int:number>/send/", unit_views.send, name="unit-send"),
    path("<int:number>/call-back/<int:row>/", unit_views.call_back, name="unit-call-back"),
    path("<int:number>/visit/", unit_views.visit, name="unit-visit"),
    path("<int:number>/support/", unit_views.support, name="unit-support"),
    path("due/", overview_views.due, name="units-due"),
    path("due/export/", overview_views.due_download, name="units-due-export"),
    path("rates/", overview_views.rates, name="units-rates"),
    path("rates/benchmark/", overview_views.benchmark, name="units-benchmark"),
    path("gaps/", overview_views.gaps, name="units-gaps"),
    path("visits/", overview_views.visits, name="units-visits"),
    path("stations/", place_views.stations, name="stations"),
    path("stations/new/", place_views.open_station, name="station-new"),
    path("stations/<int:number>/close/", place_views.close_station, name="station-close"),
    path("places/new/", place_views.new, name="place-new"),
    path("places/<int:number>/", place_views.change, name="place"),
]
