from django.urls import path

from zhibu.web.bodies import subunits_views, views

urlpatterns = [
    path("organisations/<str:code>/profile/", views.profile, name="profile"),
    path("organisations/<str:code>/profile/change/", views.profile_change, name="profile-change"),
    path("organisations/<str:code>/groups/", views.groups_of, name="groups"),
    path("organisations/<str:code>/groups/new/", views.group_keep, name="group-new"),
    path("organisations/<str:code>/groups/<str:group>/", views.group_keep, name="group-change"),
    path("chains/", views.chains, name="chains"),
    path("hosted/", views.hosted, name="hosted"),
    path("hosted/new/", views.hosted_new, name="hosted-new"),
    path("hosted/<int:number>/", views.hosted_change, name="hosted-change"),
    path("subunits/", subunits_views.subunits, name="subunits"),
    path("subunits/new/", subunits_views.subunit_new, name="subunit-new"),
    path("subunits/export/", subunits_views.download, name="subunits-export"),
    path("subunits/<int:number>/", subunits_views.subunit_change, name="subunit-change"),
    path("thresholds/", subunits_views.hints, name="thresholds"),
    path("thresholds/<str:code>/<str:rule>/put-off/", subunits_views.put_off, name="put-off"),
]
