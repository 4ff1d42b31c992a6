from django.urls import path

from zhibu.web.campaigns import record_views, views

urlpatterns = [
    path("", views.campaigns, name="campaigns"),
    path("new/", views.new, name="campaign-new"),
    path("<int:number>/", views.campaign, name="campaign"),
    path("<int:number>/export/", views.export, name="campaign-export"),
    path("<int:number>/edit/", views.edit, name="campaign-edit"),
    path("<int:number>/staff/", views.staff, name="campaign-staff"),
    path("<int:number>/staff/<int:seat>/dismiss/", views.dismiss, name="campaign-dismiss"),
    path("<int:number>/records/", record_views.records, name="campaign-records"),
    path("<int:number>/records/<str:record>/", record_views.record, name="campaign-record"),
    path("<int:number>/records/<str:record>/annotate/", record_views.annotate, name="campaign-annotate"),
    path("<int:number>/records/<str:record>/return/", record_views.send_back, name="campaign-return"),
    path("<int:number>/remarks/<int:remark>/reply/", record_views.reply, name="campaign-reply"),
]
