from django.urls import path

from zhibu.web.audit import views, views_chain

urlpatterns = [
    path("", views.audit, name="audit"),
    path("export/", views.download, name="audit-export"),
    path("chain/", views_chain.chain, name="audit-chain"),
    path("chain/verify/", views_chain.verify, name="audit-verify"),
    path("chain/take/", views_chain.take, name="audit-take"),
    path("chain/checkpoints.txt", views_chain.checkpoints, name="audit-checkpoints"),
    path("chain/held/<str:origin>/", views_chain.held, name="audit-held"),
    path("<int:number>/", views.line, name="audit-line"),
]
