from django.urls import path

from zhibu.web.design import views

app_name = "design"

urlpatterns = [
    path("", views.components, name="components"),
    path("size/", views.size, name="size"),
]
