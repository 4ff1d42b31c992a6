from django.urls import path

from zhibu.web.audit import views

urlpatterns = [
    path("", views.audit, name="audit"),
    path("export/", views.download, name="audit-export"),
    path("<int:number>/", views.line, name="audit-line"),
]
