from django.urls import path

from zhibu.web.accounts.views import entering, keeping, other_ways, security, subject

urlpatterns = [
    path("login/", entering.sign_in, name="login"),
    path("login/second/", entering.second, name="second"),
    path("login/passkey/", other_ways.by_passkey, name="login-passkey"),
    path("login/sms/", other_ways.by_sms, name="login-sms"),
    path("login/oidc/", other_ways.oidc_start, name="oidc"),
    path("login/oidc/back/", other_ways.oidc_back, name="oidc-back"),
    path("login/held/", entering.held, name="held"),
    path("logout/", entering.sign_out, name="logout"),
    path("password/", security.password, name="password"),
    path("security/", security.security, name="security"),
    path("security/app/", security.app, name="totp"),
    path("security/passkeys/", security.keys, name="passkeys"),
    path("security/codes/", security.recovery_codes, name="recovery-codes"),
    path("security/sessions/", security.end_session, name="sessions"),
    path("security/phone/", security.phone, name="phone"),
    path("security/unbind/", security.unbind, name="unbind"),
    path("accounts/", keeping.accounts, name="accounts"),
    path("accounts/new/", keeping.new, name="account-new"),
    path("accounts/<int:account>/", keeping.account, name="account"),
    path("accounts/<int:account>/reset/", keeping.reset, name="account-reset"),
    path("accounts/<int:account>/unlock/", keeping.unlock, name="account-unlock"),
    path("accounts/<int:account>/disable/", keeping.disable, name="account-disable"),
    path("accounts/<int:account>/factors/", keeping.drop_factors, name="account-factors"),
    path("accounts/<int:account>/subject/", subject.subject, name="account-subject"),
]
