from django.urls import path

from zhibu.web.tasks import file_views, order_views, problem_views, views

urlpatterns = [
    path("", views.tasks, name="tasks"),
    path("export/", views.export, name="tasks-export"),
    path("new/", order_views.new, name="order-new"),
    path("orders/", order_views.orders, name="orders"),
    path("orders/<int:number>/", order_views.order, name="order"),
    path("orders/<int:number>/recall/", order_views.recall, name="order-recall"),
    path("problems/", problem_views.problems, name="problems"),
    path("problems/new/", problem_views.new, name="problems-new"),
    path("problems/faults/", problem_views.faults, name="problems-faults"),
    path("problems/<int:number>/withdraw/", problem_views.withdraw, name="problem-withdraw"),
    path("<int:number>/", views.task, name="task"),
    path("<int:number>/undo/", views.undo, name="task-undo"),
    path("<int:number>/files/<int:step>/", file_views.files, name="task-files"),
    path("<int:number>/files/<int:step>/<str:key>/", file_views.file, name="task-file"),
    path("<int:number>/files/<int:step>/<str:key>/remove/", file_views.remove, name="task-file-remove"),
    *(path(f"<int:number>/{word}/", views.step(word), name=f"task-{word}") for word in views.STEPS),
]
