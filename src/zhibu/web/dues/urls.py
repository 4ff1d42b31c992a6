from django.urls import path

from zhibu.web.dues import book_views, keep_views, member_views, paste_views, upward_views, views

urlpatterns = [
    path("", views.overview, name="dues"),
    path("me/", member_views.me, name="dues-me"),
    path("handed/", upward_views.handed, name="dues-handed"),
    path("handed/export/", upward_views.handed_export, name="dues-handed-export"),
    path("handed/<int:number>/", upward_views.receive, name="dues-receive"),
    path("handed/<int:number>/back/", upward_views.send_back, name="dues-send-back"),
    path("reliefs/", keep_views.reliefs, name="dues-reliefs"),
    path("reliefs/<int:number>/", keep_views.decide, name="dues-decide"),
    path("members/<int:number>/", member_views.member, name="dues-member"),
    path("members/<int:number>/base/", member_views.base, name="dues-base"),
    path("members/<int:number>/pay/", member_views.pay, name="dues-pay"),
    path("members/<int:number>/give/", member_views.give, name="dues-give"),
    path("members/<int:number>/relief/", member_views.relief, name="dues-relief"),
    path("payments/<int:number>/void/", views.void, name="dues-void"),
    path("payments/<int:number>/passed-up/", keep_views.pass_up, name="dues-passed-up"),
    path("receipts/<str:number>/", book_views.receipt, name="dues-receipt"),
    path("<str:code>/", views.branch, name="dues-branch"),
    path("<str:code>/collect/", views.collect, name="dues-collect"),
    path("<str:code>/ledger/", book_views.ledger, name="dues-ledger"),
    path("<str:code>/export/", book_views.export, name="dues-export"),
    path("<str:code>/paste/", paste_views.paste, name="dues-paste"),
    path("<str:code>/hand-in/", keep_views.hand_in, name="dues-hand-in"),
    path("<str:code>/account/", book_views.account, name="dues-account"),
    path("<str:code>/uses/", keep_views.uses, name="dues-uses"),
    path("<str:code>/practice/", keep_views.practice, name="dues-practice"),
]
