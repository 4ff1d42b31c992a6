from django.urls import path

from zhibu.web.feedback import views

urlpatterns = [
    path("", views.feedback, name="feedback"),
    path("<int:number>/", views.answer, name="feedback-answer"),
    path("<int:number>/contact/", views.contact, name="feedback-contact"),
]
