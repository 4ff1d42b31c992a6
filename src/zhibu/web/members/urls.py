from django.urls import path

from zhibu.web.members import me_views, number_views, views

urlpatterns = [
    path("members/", views.roster, name="members"),
    path("members/export/", views.download, name="members-export"),
    path("members/find/", number_views.find, name="members-find"),
    path("members/numbers/", number_views.numbers_out, name="members-numbers"),
    path("members/numbers/<int:number>/", number_views.take, name="members-numbers-take"),
    path("members/<int:member>/number/", number_views.unmask, name="member-number"),
    path("me/", me_views.me, name="me"),
]
