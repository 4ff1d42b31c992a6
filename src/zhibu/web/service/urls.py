from django.urls import path

from zhibu.web.service import call_views, commitment_views, my_views, registration_views, team_views

urlpatterns = [
    path("commitments/", commitment_views.commitments, name="commitments"),
    path("commitments/export/", commitment_views.export, name="commitments-export"),
    path("commitments/new/", commitment_views.new, name="commitment-new"),
    path("commitments/<int:number>/", commitment_views.commitment, name="commitment"),
    *(
        path(f"commitments/<int:number>/{word}/", commitment_views.step(word), name=f"commitment-{word}")
        for word in commitment_views.STEPS
    ),
    path("board/<str:code>/", commitment_views.board, name="commitment-board"),
    path("registrations/", registration_views.registrations, name="registrations"),
    path("registrations/export/", registration_views.export, name="registrations-export"),
    path("registrations/new/", registration_views.new, name="registration-new"),
    path("registrations/<int:number>/accept/", registration_views.answer("accept"), name="registration-accept"),
    path("registrations/<int:number>/refuse/", registration_views.answer("refuse"), name="registration-refuse"),
    path("registrations/<int:number>/hours/", registration_views.note, name="registration-hours"),
    path("hours/<int:number>/confirm/", registration_views.settle("confirm"), name="hours-confirm"),
    path("hours/<int:number>/return/", registration_views.settle("return"), name="hours-return"),
    path("calls/", call_views.calls, name="calls"),
    path("calls/export/", call_views.export, name="calls-export"),
    path("calls/new/", call_views.new, name="call-new"),
    path("calls/<int:number>/", call_views.call, name="call"),
    path("calls/<int:number>/close/", call_views.close, name="call-close"),
    path("sign-ups/<int:number>/assign/", call_views.assign, name="sign-up-assign"),
    *(
        path(f"sign-ups/<int:number>/{word}/", call_views.act(word), name=f"sign-up-{word}")
        for word in ("decline", "on", "off")
    ),
    path("teams/", team_views.teams, name="teams"),
    path("teams/export/", team_views.export, name="teams-export"),
    path("teams/new/", team_views.new, name="team-new"),
    path("teams/<int:number>/", team_views.team, name="team"),
    path("teams/<int:number>/join/", team_views.add("join"), name="team-join"),
    path("teams/<int:number>/send/", team_views.add("send"), name="team-send"),
    path("teams/<int:number>/disband/", team_views.disband, name="team-disband"),
    path("team-members/<int:number>/leave/", team_views.leave, name="team-leave"),
    path("dispatches/<int:number>/log/", team_views.log, name="team-log"),
    path("me/", my_views.me, name="my-service"),
    path("me/commit/", my_views.commit, name="my-commit"),
    path("me/register/", my_views.register, name="my-register"),
    path("me/hours/", my_views.serve, name="my-hours"),
    path("me/calls/<int:number>/sign-up/", my_views.sign_up, name="my-sign-up"),
    path("me/sign-ups/<int:number>/cancel/", my_views.own("cancel"), name="my-cancel"),
    path("me/commitments/<int:number>/fulfil/", my_views.own("fulfil"), name="my-fulfil"),
    path("me/commitments/<int:number>/withdraw/", my_views.own("withdraw"), name="my-withdraw"),
    path("me/registrations/<int:number>/end/", my_views.own("end"), name="my-register-end"),
]
