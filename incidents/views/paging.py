"""How I am paged: everybody's own wishes and quiet hours, whatever their role."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from incidents.screens.paging import courses
from incidents.services.policies import read_book
from teams.access import needs, signed_in
from teams.domain.roles import Action
from teams.forms import RestForm, RuleForm
from teams.models import User
from teams.rules import NotificationRule


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.READ)
def mine(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    rule = RuleForm(request.POST or None, instance=NotificationRule(user=user))
    if request.method == "POST" and rule.is_valid():
        rule.save()
        return redirect("paging:mine")
    return _page(request, rule, RestForm(instance=user))


@require_POST
@needs(Action.READ)
def quiet(request: HttpRequest) -> HttpResponse:
    form = RestForm(request.POST, instance=signed_in(request))
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("paging:mine")
    return _page(request, RuleForm(instance=NotificationRule(user=signed_in(request))), form)


@require_POST
@needs(Action.READ)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(NotificationRule, pk=pk, user=signed_in(request))
    rule.delete()
    messages.success(request, _("Removed."))
    return redirect("paging:mine")


def _page(request: HttpRequest, rule: RuleForm, quiet: RestForm) -> HttpResponse:
    people = User.objects.prefetch_related("contacts", "notification_rules")
    user = people.get(pk=signed_in(request).pk)  # as it is stored, whatever was typed
    context = {
        "courses": courses(read_book(at=clock.now()), user),
        "rules": user.notification_rules.all(),
        "rule": rule,
        "quiet": quiet,
        "person": user,
    }
    status = 400 if rule.errors or quiet.errors else 200
    return render(request, "paging/mine.html", context, status=status)
