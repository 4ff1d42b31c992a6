from django.urls import path

from zhibu.web.access import lines_views, posts_views, stand_in_views, terminals_views, views

urlpatterns = [
    path("identity/", views.identity, name="identity"),
    path("posts/", posts_views.posts, name="posts"),
    path("posts/new/", posts_views.appoint, name="appoint"),
    path("posts/<int:number>/", posts_views.post, name="post"),
    path("posts/<int:number>/end/", posts_views.end, name="post-end"),
    path("posts/<int:number>/hand-over/", posts_views.hand_over, name="post-hand-over"),
    path("stand-ins/", stand_in_views.stand_ins, name="stand-ins"),
    path("stand-ins/<int:number>/end/", stand_in_views.take_back, name="stand-in-end"),
    path("policy/", views.policy, name="policy"),
    path("terminals/", terminals_views.terminals, name="terminals"),
    path("terminals/<str:code>/", terminals_views.of, name="terminals-of"),
    path("organisations/<str:code>/lines/", lines_views.lines, name="lines"),
    path("organisations/<str:code>/lines/new/", lines_views.begin, name="line-new"),
    path("organisations/<str:code>/lines/<int:number>/end/", lines_views.end, name="line-end"),
]
