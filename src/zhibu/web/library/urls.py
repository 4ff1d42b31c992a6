from django.urls import path

from zhibu.web.library import checklist_views, views

urlpatterns = [
    path("", views.library, name="library"),
    path("export/", views.export, name="library-export"),
    path("basis/", views.basis, name="library-basis"),
    path("new/", views.new, name="document-new"),
    path("<int:number>/", views.document, name="document"),
    path("<int:number>/edit/", views.edit, name="document-edit"),
    path("<int:number>/clauses/", views.clauses, name="document-clauses"),
    path("<int:number>/follow/", views.follow, name="document-follow"),
    path("<int:number>/ask/", checklist_views.ask, name="checklist-new"),
    path("checklists/", checklist_views.checklists, name="checklists"),
    path("checklists/<int:number>/", checklist_views.checklist, name="checklist"),
    path("checklists/<int:number>/export/", checklist_views.export, name="checklist-export"),
    path("checklists/<int:number>/close/", checklist_views.close, name="checklist-close"),
    path("asked/", checklist_views.asked, name="library-asked"),
    path("asked/<int:number>/", checklist_views.answer, name="library-answer"),
]
