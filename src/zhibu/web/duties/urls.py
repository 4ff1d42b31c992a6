from django.urls import path

from zhibu.web.duties import views

urlpatterns = [
    path("month/", views.month, name="month"),
]
