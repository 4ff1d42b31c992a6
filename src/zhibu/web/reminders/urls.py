from django.urls import path

from zhibu.web.reminders import ask_views, views

urlpatterns = [
    path("", views.mine, name="reminders"),
    path("wish/", views.wish, name="reminders-wish"),
    path("told/", views.told, name="reminders-told"),
    path("told/export/", views.export, name="reminders-told-export"),
    path("asked/<int:number>/back/", ask_views.take_back, name="reminders-take-back"),
    path("ask/", ask_views.many, name="reminders-ask-many"),
    path("ask/<str:code>/", ask_views.one, name="reminders-ask"),
    path("rule/", views.rule, name="reminders-rule"),
    path("rule/drop/", views.drop, name="reminders-rule-drop"),
]
