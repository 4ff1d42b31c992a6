from django.urls import path

from zhibu.web.reports import package_views, target_views, unit_views, views

urlpatterns = [
    path("", views.reports, name="reports"),
    path("new/", views.new, name="report-new"),
    path("targets/", target_views.targets, name="report-targets"),
    path("targets/new/", target_views.new, name="report-target-new"),
    path("targets/<int:number>/", target_views.again, name="report-target"),
    path("targets/<int:number>/drop/", target_views.drop, name="report-target-drop"),
    path("<int:number>/", views.report, name="report"),
    path("<int:number>/keep/", views.keep, name="report-keep"),
    path("<int:number>/withdraw/", views.withdraw, name="report-withdraw"),
    path("<int:number>/word/", views.word, name="report-word"),
    path("<int:number>/units/", unit_views.units, name="report-units"),
    path("<int:number>/units/spare/", unit_views.spare, name="report-units-spare"),
    path("<int:number>/tasks/", package_views.send_out, name="report-tasks"),
    path("<int:number>/text/<str:key>/", views.text, name="report-text"),
]
