from django.urls import path

from zhibu.web.personal import my_views, office_views, register_views, request_views

urlpatterns = [
    path("processing/", register_views.processing, name="processing"),
    path("processing/export/", register_views.download, name="processing-export"),
    path("me/data/", my_views.data, name="my-data"),
    path("me/requests/", my_views.requests, name="my-requests"),
    path("me/requests/<int:number>/take-back/", my_views.take_back, name="my-request-take-back"),
    path("personal/requests/", request_views.requests, name="requests"),
    path("personal/requests/<int:number>/", request_views.answer, name="request-answer"),
    path("personal/restricted/<int:number>/", request_views.lift, name="restricted-lift"),
    path("personal/disclosures/", office_views.given, name="disclosures"),
    path("personal/disclosures/export/", office_views.given_export, name="disclosures-export"),
    path("personal/disclosures/new/", office_views.given_note, name="disclosure-new"),
    path("personal/retention/", office_views.terms, name="retention"),
    path("personal/selfcheck/", office_views.check, name="selfcheck"),
    path("personal/selfcheck/<slug:item>/", office_views.check_answer, name="selfcheck-answer"),
    path("personal/affected/", office_views.breach, name="affected"),
]
