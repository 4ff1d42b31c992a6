from django.urls import path

from zhibu.web.appraisal import file_views, step_views, views

urlpatterns = [
    path("", views.overview, name="appraisals"),
    path("export/", views.export, name="appraisals-export"),
    path("methods/", views.methods, name="appraisal-methods"),
    path("methods/<int:number>/drop/", views.drop_method, name="appraisal-method-drop"),
    path("me/", views.me, name="appraisal-me"),
    path("new/", views.new, name="appraisal-new"),
    path("<int:number>/", views.appraisal, name="appraisal"),
    path("<int:number>/tally/", views.tally, name="appraisal-tally"),
    path("<int:number>/notice/", views.notice, name="appraisal-notice"),
    path("<int:number>/part/", step_views.part, name="appraisal-part"),
    path("<int:number>/enrol/", step_views.enrol, name="appraisal-enrol"),
    path("<int:number>/discuss/", step_views.discuss, name="appraisal-discuss"),
    path("<int:number>/ballots/", step_views.ballots, name="appraisal-ballots"),
    path("<int:number>/opinion/", step_views.opinion, name="appraisal-opinion"),
    path("<int:number>/told/", step_views.told, name="appraisal-told"),
    path("<int:number>/public/", step_views.public, name="appraisal-public"),
    path("<int:number>/archive/", step_views.archive, name="appraisal-archive"),
    path("<int:number>/reopen/", step_views.reopen, name="appraisal-reopen"),
    path("<int:number>/cancel/", step_views.cancel, name="appraisal-cancel"),
    path("<int:number>/record/", step_views.record, name="appraisal-record"),
    path("<int:number>/files/", file_views.files, name="appraisal-files"),
    path("<int:number>/files/<str:key>/", file_views.file, name="appraisal-file"),
    path("<int:number>/files/<str:key>/remove/", file_views.remove, name="appraisal-file-remove"),
]
