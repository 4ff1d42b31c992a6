from django.urls import path

from zhibu.web.hints import set_views, views

urlpatterns = [
    path("", views.hints, name="hints"),
    path("<int:number>/", views.hint, name="hint"),
    path("<int:number>/answer/", views.answer, name="hint-answer"),
    path("<int:number>/take-back/", views.take_back, name="hint-take-back"),
    path("rules/", set_views.rules, name="hint-rules"),
    path("rules/references/", set_views.add, name="hint-reference-new"),
    path("rules/references/<int:number>/drop/", set_views.drop, name="hint-reference-drop"),
]
