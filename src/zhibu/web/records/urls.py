from django.urls import path

from zhibu.web.records.views import check, drafts, edit, files, listing, new, record

urlpatterns = [
    path("", listing.records, name="records"),
    path("export/", listing.export, name="records-export"),
    path("new/", new.new, name="record-new"),
    path("check/", check.check, name="record-check"),
    path("draft/", drafts.draft, name="record-draft"),
    path("<str:number>/", record.record, name="record"),
    path("<str:number>/edit/", edit.edit, name="record-edit"),
    path("<str:number>/withdraw/", record.withdraw, name="record-withdraw"),
    path("<str:number>/files/", files.attach, name="record-files"),
    path("<str:number>/files/<str:key>/", files.file, name="record-file"),
    path("<str:number>/files/<str:key>/remove/", files.detach, name="record-detach"),
    path("<str:number>/receipt/", record.receipt, name="record-receipt"),
]
