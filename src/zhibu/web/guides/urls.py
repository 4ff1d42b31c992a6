from django.urls import path

from zhibu.web.guides import views, window_views

urlpatterns = [
    path("", views.guides, name="guides"),
    path("export/", views.export, name="guides-export"),
    path("cards/", window_views.cards, name="guide-cards"),
    path("standards/", window_views.standards, name="guide-standards"),
    path("<int:number>/", views.guide, name="guide"),
    path("windows/<int:number>/", window_views.window, name="guide-window"),
    path("windows/<int:number>/check/", window_views.act("check"), name="guide-check"),
    path("windows/<int:number>/rate/", window_views.act("rate"), name="guide-rate"),
    path("<slug:kind>/new/", views.new, name="guide-new"),
    path("<slug:kind>/<int:number>/edit/", views.edit, name="guide-edit"),
    path("<slug:kind>/<int:number>/end/", views.end, name="guide-end"),
]
