from django.urls import path

from zhibu.web.imports import views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("new/", views.new, name="import-new"),
    path("template/<slug:kind>.xlsx", views.template, name="import-template"),
    path("now/<slug:kind>.xlsx", views.export, name="import-export"),
    path("<int:number>/", views.one, name="import"),
    path("<int:number>/apply/", views.apply, name="import-apply"),
    path("<int:number>/undo/", views.undo, name="import-undo"),
    path("<int:number>/file/<int:book>/<slug:form>/", views.file, name="import-file"),
]
