from django.urls import path

from zhibu.web.assessment import views

urlpatterns = [
    path("trials/", views.index, name="trials"),
    path("trials/new/", views.new, name="trial-new"),
    path("trials/<int:number>/", views.one, name="trial"),
    path("trials/<int:number>/losers.xlsx", views.losers, name="trial-losers"),
]
