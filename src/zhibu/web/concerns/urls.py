from django.urls import path

from zhibu.web.concerns import more_views, views

urlpatterns = [
    path("", views.concerns, name="concerns"),
    path("export/", views.export, name="concerns-export"),
    path("new/", views.new, name="concern-new"),
    path("kinds/", more_views.all_kinds, name="concern-kinds"),
    path("kinds/<int:number>/end/", more_views.end_kind, name="concern-kind-end"),
    path("visits/", more_views.visits, name="visits"),
    path("visits/export/", more_views.visits_export, name="visits-export"),
    path("visits/new/", more_views.visit_new, name="visit-new"),
    path("visits/<int:number>/", more_views.visit, name="visit"),
    path("visits/<int:number>/withdraw/", more_views.visit_withdraw, name="visit-withdraw"),
    path("<int:number>/", views.concern, name="concern"),
    path("<int:number>/contact/", more_views.contact, name="concern-contact"),
    *(path(f"<int:number>/{word}/", views.step(word), name=f"concern-{word}") for word in views.STEPS),
]
