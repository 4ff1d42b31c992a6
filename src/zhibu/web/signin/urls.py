from django.urls import path

from zhibu.web.signin import guest_views, me_views, rate_views, record_views, scan_views, sheet_views, views

urlpatterns = [
    path("signin/", views.meetings, name="signin"),
    path("signin/new/", views.new, name="signin-new"),
    path("signin/open/", record_views.open_, name="signin-open"),
    path("signin/records/<str:number>/", record_views.record_meeting, name="signin-record"),
    path("signin/records/<str:number>/lecturers/", record_views.lecturers, name="signin-lecturers"),
    path("signin/rates/", rate_views.members, name="attendance-rates"),
    path("signin/branches/", rate_views.branches, name="attendance-sums"),
    path("signin/leaders/", rate_views.leaders, name="leading"),
    path("signin/leaders/count/", rate_views.count, name="lecture-count"),
    path("signin/sitins/", rate_views.sitins, name="sitins"),
    path("signin/<int:number>/", views.meeting, name="signin-meeting"),
    path("signin/<int:number>/edit/", views.edit, name="signin-edit"),
    path("signin/<int:number>/remove/", views.remove, name="signin-remove"),
    path("signin/<int:number>/tick/", sheet_views.tick, name="signin-tick"),
    path("signin/<int:number>/sheet/", sheet_views.sheet, name="signin-sheet"),
    path("signin/<int:number>/signs/<int:sign>/", sheet_views.take_back, name="signin-take-back"),
    path("signin/<int:number>/guests/", guest_views.guest, name="signin-guest"),
    path("signin/<int:number>/guests/<int:guest>/", guest_views.drop, name="signin-guest-drop"),
    path("signin/<int:number>/sitins/", guest_views.sitins, name="signin-sitins"),
    path("s/<str:code>/", scan_views.scan, name="scan"),
    path("me/phones/", me_views.phones, name="my-phones"),
    path("me/attendance/", me_views.attendance, name="my-attendance"),
]
