from django.urls import path

from zhibu.web.reminders import views

urlpatterns = [
    path("", views.mine, name="reminders"),
    path("wish/", views.wish, name="reminders-wish"),
    path("told/", views.told, name="reminders-told"),
    path("ask/<str:code>/", views.ask, name="reminders-ask"),
    path("rule/", views.rule, name="reminders-rule"),
    path("rule/drop/", views.drop, name="reminders-rule-drop"),
]
