from django.urls import path

from zhibu.web.quizzes.views import contests, papers, sitting

urlpatterns = [
    path("", papers.papers, name="quiz-papers"),
    path("new/", papers.new, name="paper-new"),
    path("<int:number>/", papers.paper, name="paper"),
    path("<int:number>/export/", papers.export, name="paper-export"),
    path("<int:number>/withdraw/", papers.withdraw, name="paper-withdraw"),
    path("questions/", papers.questions, name="questions"),
    path("questions/new/", papers.question_new, name="question-new"),
    path("questions/paste/", papers.pasted, name="questions-paste"),
    path("questions/<int:number>/", papers.question, name="question"),
    path("questions/<int:number>/retire/", papers.retire, name="question-retire"),
    path("me/", sitting.mine, name="papers-me"),
    path("me/<int:number>/", sitting.sit, name="paper-sit"),
    path("contests/", contests.contests, name="contests"),
    path("contests/new/", contests.new, name="contest-new"),
    path("contests/<int:number>/", contests.contest, name="contest"),
    path("contests/<int:number>/score/", contests.score, name="contest-score"),
    path("contests/<int:number>/strike/", contests.strike, name="contest-strike"),
    path("contests/<int:number>/close/", contests.close, name="contest-close"),
]
