from django.urls import path

from zhibu.web.funds import condition_views, views

urlpatterns = [
    path("", views.funds, name="funds"),
    path("export/", views.export, name="funds-export"),
    path("conditions/", condition_views.conditions, name="conditions"),
    path("conditions/export/", condition_views.export, name="conditions-export"),
    path("conditions/items/", condition_views.items, name="condition-items"),
    path("conditions/items/<int:number>/release/", condition_views.release, name="condition-release"),
    path("conditions/items/<int:number>/retire/", condition_views.retire, name="condition-retire"),
    path("conditions/of/<str:code>/", condition_views.condition, name="condition"),
    path("conditions/of/<str:code>/note/", condition_views.note, name="condition-note"),
    path("<str:code>/", views.card, name="funds-card"),
    path("<str:code>/rate/", views.rate, name="funds-rate"),
    path("<str:code>/add/<str:book>/", views.add, name="funds-add"),
    path("<str:code>/<str:book>/<int:number>/remove/", views.remove, name="funds-remove"),
]
