from django.urls import path

from zhibu.web.responsibilities import charge_views, holder_views, views

urlpatterns = [
    path("", views.charters, name="charters"),
    path("new/", views.new, name="charter-new"),
    path("<int:number>/", views.charter, name="charter"),
    path("<int:number>/edit/", views.edit, name="charter-edit"),
    path("<int:number>/items/", views.items, name="charter-items"),
    path("<int:number>/give/", views.give, name="charter-give"),
    path("<int:number>/ask/", views.ask, name="charter-ask"),
    path("<int:number>/export/", views.export, name="charter-export"),
    path("items/<int:number>/", views.item, name="charter-item"),
    path("items/<int:number>/drop/", views.drop, name="charter-item-drop"),
    path("holders/", holder_views.holders, name="holders"),
    path("holders/export/", holder_views.export, name="holders-export"),
    path("holders/<int:number>/", holder_views.holder, name="holder"),
    path("holders/<int:number>/edit/", holder_views.edit, name="holder-edit"),
    path("conformity/", holder_views.conforming, name="conformity"),
    path("conformity/export/", holder_views.conforming_export, name="conformity-export"),
    path("mine/", charge_views.own, name="charges-own"),
    path("mine/<int:number>/", charge_views.own, name="charges-asked"),
    path("charges/<int:number>/", charge_views.charge, name="charge"),
    path("charges/<int:number>/withdraw/", charge_views.withdraw, name="charge-withdraw"),
]
