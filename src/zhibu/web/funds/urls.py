from django.urls import path

from zhibu.web.funds import views

urlpatterns = [
    path("", views.funds, name="funds"),
    path("export/", views.export, name="funds-export"),
    path("<str:code>/", views.card, name="funds-card"),
    path("<str:code>/rate/", views.rate, name="funds-rate"),
    path("<str:code>/add/<str:book>/", views.add, name="funds-add"),
    path("<str:code>/<str:book>/<int:number>/remove/", views.remove, name="funds-remove"),
]
