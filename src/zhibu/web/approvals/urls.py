from django.urls import path

from zhibu.web.approvals import views

urlpatterns = [
    path("", views.approvals, name="approvals"),
    path("<int:number>/", views.approval, name="approval"),
]
