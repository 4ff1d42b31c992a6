"""/accounts/<account>/subject/ 绑定统一身份: for those who open accounts, below their level and never their own."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zhibu.web.accounts import actions, oidc
from zhibu.web.accounts.forms import ReasonForm, SubjectForm
from zhibu.web.accounts.fresh import fresh
from zhibu.web.accounts.views.keeping import find
from zhibu.web.audit.actions import NotAllowed
from zhibu.web.core.pages import page


@page("accounts.bind_account", methods=("GET", "HEAD", "POST"))
@fresh
def subject(request: HttpRequest, account: int) -> HttpResponse:
    """GET shows what is bound; POST binds another subject, with `remove` none. Both with a reason."""
    user = find(request, account)
    if not oidc.is_offered():
        messages.info(request, "没有接入统一身份认证，不能绑定")
        return redirect("account", account)
    removing, sent = "remove" in request.POST, "reason" in request.POST
    bind = SubjectForm(request.POST if sent and not removing else None)
    unbind = ReasonForm(request.POST if sent and removing else None, auto_id="id_remove_%s")
    form = unbind if removing else bind
    if sent and form.is_valid() and _done(request, account, form):
        messages.success(request, "已解除绑定" if removing else "已绑定，本人下次登录时会看到")
        return redirect("account", account)
    bound = user.bindings.filter(issuer=settings.OIDC_ISSUER).first()
    context = {"account": user, "bound": bound, "name": settings.OIDC_NAME, "form": bind, "unbind": unbind}
    return render(request, "accounts/subject.html", context, status=422 if sent else 200)


def _done(request: HttpRequest, account: int, form: ReasonForm) -> bool:
    told = form.cleaned_data
    try:
        if "subject" in told:
            actions.bind_account(by=request.scope, account=account, issuer=settings.OIDC_ISSUER, **told)
        else:
            actions.unbind_account(by=request.scope, account=account, **told)
    except actions.Unfit as unfit:
        form.add_error(unfit.field, str(unfit))
        return False
    except NotAllowed as refusal:
        raise Http404 from refusal
    return True
