from django.urls import path

from zhibu.web.organisations import pick_views, views

urlpatterns = [
    path("pick/", pick_views.pick, name="pick"),
    path("organisations/<str:code>/set-up/", views.set_up, name="organisation-set-up"),
    path("organisations/<str:code>/rename/", views.rename, name="organisation-rename"),
    path("organisations/<str:code>/convert/", views.convert, name="organisation-convert"),
    path("organisations/<str:code>/move/", views.move, name="organisation-move"),
    path("organisations/<str:code>/merge/", views.merge, name="organisation-merge"),
    path("organisations/<str:code>/abolish/", views.abolish, name="organisation-abolish"),
    path("organisations/<str:code>/undo/", views.undo, name="organisation-undo"),
]
