from django.urls import path

from zhibu.web.procedures.views import attached, case, cases, shelf, step, trying

urlpatterns = [
    path("", cases.show, name="cases"),
    path("export/", cases.download, name="cases-export"),
    path("new/", cases.new, name="case-new"),
    path("<int:number>/", case.show, name="case"),
    path("<int:number>/step/<str:step>/", step.record, name="case-step"),
    path("<int:number>/decide/<str:step>/", step.decide, name="case-decide"),
    path("<int:number>/undo/<int:record>/", case.undo, name="case-undo"),
    path("<int:number>/move/", case.move, name="case-move"),
    path("<int:number>/withdraw/", case.withdraw, name="case-withdraw"),
    path("<int:number>/files/<int:record>/", attached.files, name="case-files"),
    path("<int:number>/files/<int:record>/<str:key>/", attached.file, name="case-file"),
    path("<int:number>/files/<int:record>/<str:key>/remove/", attached.remove, name="case-file-remove"),
    path("shelf/", shelf.procedures, name="procedures"),
    path("shelf/issue/", shelf.issue, name="procedure-issue"),
    path("shelf/try/", trying.walk, name="procedure-try"),
    path("shelf/<str:key>/", shelf.procedure, name="procedure"),
    path("shelf/<int:number>/withdraw/", shelf.withdraw, name="procedure-withdraw"),
]
