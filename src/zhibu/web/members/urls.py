from django.urls import path

from zhibu.web.members import me_views, views

urlpatterns = [
    path("members/", views.roster, name="members"),
    path("members/export/", views.download, name="members-export"),
    path("me/", me_views.me, name="me"),
]
