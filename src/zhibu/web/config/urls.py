"""The table of contents of the site."""

from django.urls import include, path

from zhibu.web.config.home import home
from zhibu.web.config.ledgers import ledgers

urlpatterns = [
    path("", home, name="home"),
    path("ledgers/", ledgers, name="ledgers"),
    path("", include("zhibu.web.accounts.urls")),
    path("", include("zhibu.web.access.urls")),
    path("", include("zhibu.web.bodies.urls")),
    path("", include("zhibu.web.organisations.urls")),
    path("", include("zhibu.web.dashboards.urls")),
    path("", include("zhibu.web.members.urls")),
    path("approvals/", include("zhibu.web.approvals.urls")),
    path("audit/", include("zhibu.web.audit.urls")),
    path("procedures/", include("zhibu.web.procedures.urls")),
    path("feedback/", include("zhibu.web.feedback.urls")),
    path("records/", include("zhibu.web.records.urls")),
    path("dues/", include("zhibu.web.dues.urls")),
    path("funds/", include("zhibu.web.funds.urls")),
    path("plans/", include("zhibu.web.plans.urls")),
    path("duties/", include("zhibu.web.duties.urls")),
    path("regulations/", include("zhibu.web.regulations.urls")),
    path("library/", include("zhibu.web.library.urls")),
    path("assessment/", include("zhibu.web.assessment.urls")),
    path("", include("zhibu.web.review.urls")),
    path("programmes/", include("zhibu.web.programmes.urls")),
    path("campaigns/", include("zhibu.web.campaigns.urls")),
    path("burden/", include("zhibu.web.burden.urls")),
    path("liaison/", include("zhibu.web.liaison.urls")),
    path("concerns/", include("zhibu.web.concerns.urls")),
    path("service/", include("zhibu.web.service.urls")),
    path("guides/", include("zhibu.web.guides.urls")),
    path("publicity/", include("zhibu.web.publicity.urls")),
    path("parties/", include("zhibu.web.parties.urls")),
    path("coverage/", include("zhibu.web.coverage.urls")),
    path("learning/", include("zhibu.web.learning.urls")),
    path("quizzes/", include("zhibu.web.quizzes.urls")),
    path("hints/", include("zhibu.web.hints.urls")),
    path("imports/", include("zhibu.web.imports.urls")),
    path("", include("zhibu.web.signin.urls")),
    path("offices/", include("zhibu.web.offices.urls")),
    path("responsibilities/", include("zhibu.web.responsibilities.urls")),
    path("", include("zhibu.web.personal.urls")),
    path("design/", include("zhibu.web.design.urls")),
]
