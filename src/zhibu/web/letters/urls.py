from django.urls import path

from zhibu.web.letters import check_views, draft_views, issue_views, letter_views, views

_TEMPLATE, _LETTER = "templates/<int:number>", "<int:number>"
_CLAUSE, _CHECK = f"{_LETTER}/clauses/<int:clause>", f"{_LETTER}/checks/<str:term>"
urlpatterns = [
    path("", views.letters, name="letters"),
    path("templates/new/", draft_views.new, name="letter-template-new"),
    path("templates/blocks/<int:number>/", draft_views.block, name="letter-block"),
    path("templates/blocks/<int:number>/clause/", draft_views.clause_new, name="letter-clause-new"),
    path("templates/clauses/<int:number>/", draft_views.clause, name="letter-clause-edit"),
    path(f"{_TEMPLATE}/", draft_views.template, name="letter-template"),
    path(f"{_TEMPLATE}/edit/", draft_views.edit, name="letter-template-edit"),
    path(f"{_TEMPLATE}/copy/", draft_views.copy, name="letter-template-copy"),
    path(f"{_TEMPLATE}/drop/", draft_views.drop, name="letter-template-drop"),
    path(f"{_TEMPLATE}/block/", draft_views.block_new, name="letter-block-new"),
    path(f"{_TEMPLATE}/issue/", issue_views.issue, name="letter-issue"),
    path(f"{_TEMPLATE}/recall/", issue_views.recall, name="letter-recall"),
    path(f"{_TEMPLATE}/board/", issue_views.units, name="letter-board"),
    path(f"{_TEMPLATE}/board/export/", issue_views.export, name="letter-board-export"),
    path(f"{_LETTER}/", views.letter, name="letter"),
    path(f"{_LETTER}/paper/", views.paper, name="letter-paper"),
    path(f"{_LETTER}/word/", views.as_word, name="letter-word"),
    path(f"{_LETTER}/sign/", views.sign, name="letter-sign"),
    path(f"{_LETTER}/unsign/", views.unsign, name="letter-unsign"),
    path(f"{_LETTER}/withdraw/", views.withdraw, name="letter-withdraw"),
    path(f"{_LETTER}/files/", letter_views.files, name="letter-files"),
    path(f"{_LETTER}/files/<str:key>/", letter_views.file, name="letter-file"),
    path(f"{_LETTER}/files/<str:key>/remove/", letter_views.remove, name="letter-file-remove"),
    path(f"{_CLAUSE}/", letter_views.clause, name="letter-clause"),
    path(f"{_CLAUSE}/task/", letter_views.break_down, name="letter-clause-task"),
    path(f"{_CLAUSE}/amend/", letter_views.amend, name="letter-amend"),
    path(f"{_LETTER}/amendments/<int:amendment>/undo/", letter_views.amend_undo, name="letter-amend-undo"),
    path(f"{_CHECK}/", check_views.check, name="letter-check"),
    path(f"{_CHECK}/report/", check_views.report, name="letter-report"),
    path(f"{_CHECK}/unreport/", check_views.unreport, name="letter-unreport"),
    path(f"{_CHECK}/judge/", check_views.judge, name="letter-judge"),
    path(f"{_CHECK}/answer/", check_views.answer, name="letter-answer"),
    path(f"{_CHECK}/settle/", check_views.settle, name="letter-settle"),
    path(f"{_CHECK}/reopen/", check_views.reopen, name="letter-reopen"),
]
