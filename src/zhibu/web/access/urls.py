from django.urls import path

from zhibu.web.access import views

urlpatterns = [
    path("identity/", views.identity, name="identity"),
]
