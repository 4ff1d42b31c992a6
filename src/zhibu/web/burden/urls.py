from django.urls import path

from zhibu.web.burden import fill_views, form_views, views

urlpatterns = [
    path("", views.ledger, name="burden"),
    path("month/", views.month, name="burden-month"),
    path("answer/", views.answer, name="burden-answer"),
    path("units/", views.units, name="burden-units"),
    path("estimates/", views.estimates, name="burden-estimates"),
    path("forms/", form_views.register, name="burden-forms"),
    path("forms/new/", form_views.new, name="burden-form-new"),
    path("forms/<int:number>/", form_views.form, name="burden-form"),
    path("forms/<int:number>/answers/", fill_views.answers, name="burden-form-answers"),
    path("forms/<int:number>/answers/export/", fill_views.export, name="burden-form-answers-export"),
    path("sheets/<int:number>/", fill_views.fill, name="burden-form-fill"),
    path("forms/<int:number>/withdraw/", form_views.withdraw, name="burden-form-withdraw"),
]
