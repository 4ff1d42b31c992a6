from django.urls import path

from zhibu.web.liaison import file_views, views

urlpatterns = [
    path("", views.matters, name="liaison"),
    path("export/", views.export, name="liaison-export"),
    path("new/", views.new, name="matter-new"),
    path("<int:number>/", views.matter, name="matter"),
    path("<int:number>/reply/", views.reply, name="matter-reply"),
    path("<int:number>/files/<int:message>/", file_views.files, name="matter-files"),
    path("<int:number>/files/<int:message>/<str:key>/", file_views.file, name="matter-file"),
    path("<int:number>/files/<int:message>/<str:key>/remove/", file_views.remove, name="matter-file-remove"),
]
