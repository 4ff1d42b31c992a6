from django.urls import path

from zhibu.web.programmes import views

urlpatterns = [
    path("", views.programmes, name="programmes"),
    path("new/", views.new, name="programme-new"),
    path("<int:number>/", views.programme, name="programme"),
    path("<int:number>/records/", views.records, name="programme-records"),
    path("<int:number>/edit/", views.edit, name="programme-edit"),
    path("<int:number>/withdraw/", views.withdraw, name="programme-withdraw"),
    path("<int:number>/export/", views.export, name="programme-export"),
]
