"""Faults on purpose: what a page may not do."""


def listing(request, organisation):
    # ruleid: unscoped-read
    return Member.objects.filter(organisation=organisation)


def every(request):
    # ruleid: unscoped-read
    return list(models.Record.objects.all())


def mine(request):
    return Member.objects.within(request.scope).filter(name="x"), User.objects.filter(pk=1), Scheme.objects.none()
