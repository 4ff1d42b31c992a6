from django.urls import path

from zhibu.web.parties import views

urlpatterns = [
    path("", views.parties, name="parties"),
    path("all/", views.table, name="parties-table"),
    path("export/", views.export, name="parties-export"),
    path("<str:rulebook>/<str:rule>/", views.edit, name="party"),
]
