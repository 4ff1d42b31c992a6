from django.urls import path

from zhibu.web.agendas import life_views, views

urlpatterns = [
    path("", views.agendas, name="agendas"),
    path("export/", views.export, name="agendas-export"),
    path("items/new/", views.item_new, name="agenda-item-new"),
    path("items/<int:number>/end/", views.item_end, name="agenda-item-end"),
    path("person/", views.person, name="agenda-person"),
    path("of/<str:code>/", views.agenda, name="agenda"),
    path("life/<int:number>/", life_views.package, name="life-package"),
    path("life/<int:number>/opinions/new/", life_views.opinion, name="life-opinion-new"),
    path("life/<int:number>/opinions/<int:opinion>/back/", life_views.opinion_back, name="life-opinion-back"),
    path("life/<int:number>/problems/", life_views.problems, name="life-problems"),
]
