from django.urls import path

from zhibu.web.regulations import views

urlpatterns = [
    path("", views.rulebooks, name="rulebooks"),
    path("<str:rulebook>/", views.rulebook, name="rulebook"),
]
