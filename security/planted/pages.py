"""Faults on purpose: what a request may not do."""


def search(request):
    # ruleid: filter-by-request
    return Member.objects.within(request.scope).filter(**request.GET.dict())


def search_with_care(request):
    wanted = dict(request.GET.items())
    # ruleid: filter-by-request
    return Q(**wanted)


def onward(request):
    # ruleid: open-redirect
    return redirect(request.GET["next"])


def onward_later(request):
    goal = request.POST.get("next") or "/"
    # ruleid: open-redirect
    return HttpResponseRedirect(goal)


def onward_looked_at(request):
    goal = request.GET["next"]
    if url_has_allowed_host_and_scheme(goal, {request.get_host()}):
        return redirect(goal)
    return redirect("home")


def onward_at_home(request):
    return redirect(f"{reverse('record-new')}?key={request.GET['key']}")


# ruleid: csrf-exempt
@csrf_exempt
def open_to_all(request):
    pass


class MemberForm(ModelForm):
    class Meta:
        model = Member
        # ruleid: all-fields
        fields = "__all__"


class PostForm(ModelForm):
    # ruleid: all-fields
    class Meta:
        model = Post
        exclude = ["user"]
