from django.urls import path

from zhibu.web.dashboards import basics_views, board_views, branch, late_views, organisations_views, why

urlpatterns = [
    path("o/", branch.branch, name="branch"),
    path("o/<str:code>/", branch.organisation, name="organisation"),
    path("o/<str:code>/why/<str:rulebook>/<str:rule>/<str:period>/", why.why, name="why"),
    path("basics/", basics_views.show, name="basics"),
    path("o/<str:code>/basics/", basics_views.sheet, name="basics-of"),
    path("board/", board_views.show, name="board"),
    path("board/wall/", board_views.wall, name="board-wall"),
    path("board/export/", board_views.download, name="board-export"),
    path("board/late/", late_views.show, name="late"),
    path("board/late/export/", late_views.download, name="late-export"),
    path("organisations/", organisations_views.show, name="organisations"),
    path("organisations/export/", organisations_views.download, name="organisations-export"),
    path("organisations/<str:code>/", organisations_views.below, name="organisations-below"),
]
