from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.bilingual import in_language
from core.errors import Refused
from monitoring import services
from monitoring.built_in_runbooks import RUNBOOKS
from monitoring.forms_rules import RuleForm, usual
from monitoring.models import Rule
from monitoring.rule_words import condition
from monitoring.screens.rules import detail, overview, tried
from teams.access import needs, signed_in
from teams.domain.roles import Action

DIGITS: Final = 19  # of a number that the database can hold


@require_GET
@needs(Action.READ)
def rules(request: HttpRequest) -> HttpResponse:
    may = signed_in(request).may(Action.COMMAND)
    return render(request, "monitoring/rules.html", overview(at=clock.now()) | {"may": may})


@require_GET
@needs(Action.READ)
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Rule.objects.select_related("service"), pk=pk)
    asked = request.GET.get("metric", "")
    metric = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < DIGITS else None
    context = detail(found, at=clock.now(), metric=metric)
    context["may"] = signed_in(request).may(Action.COMMAND)
    return render(request, "monitoring/rule.html", context)


@require_GET
@needs(Action.READ)
def runbook(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Rule, pk=pk, built_in__in=RUNBOOKS)
    said = RUNBOOKS[found.built_in]
    parts = [
        (_("What it means"), in_language(*said.means)),
        (_("Look first"), in_language(*said.look)),
        (_("Usual causes"), in_language(*said.causes)),
        (_("What to do"), in_language(*said.act)),
    ]
    context = {"rule": found, "parts": parts, "condition": condition(found)}
    return render(request, "monitoring/runbook.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def new(request: HttpRequest) -> HttpResponse:
    return _form(request, usual(request.GET.dict()))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(Rule.objects.select_related("service"), pk=pk))


def _form(request: HttpRequest, found: Rule) -> HttpResponse:
    """The form, the fields of another kind when that is chosen, and the past while it is filled in."""
    at, posted, htmx = clock.now(), request.method == "POST", request.htmx  # type: ignore[attr-defined]
    part = {"params": "#params", "preview": "#preview"}.get(htmx.target or "", "") if htmx else ""
    form = RuleForm(request.POST if posted else None, asks=part == "#params", instance=found)
    only_looks = bool(htmx) or "look" in request.POST
    if posted and not only_looks and form.is_valid():
        return redirect(services.keep_rule(form.save(commit=False), at=at))
    context = {"form": form, "tried": None if part == "#params" else tried(form.draft(), at=at)}
    status = 400 if posted and not only_looks else 200
    return render(request, f"monitoring/rule_form.html{part}", context, status=status)


@require_POST
@needs(Action.COMMAND)
def enable(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Rule, pk=pk)
    services.enable_rule(found, on=request.POST.get("on") == "1", at=clock.now())
    return redirect(found)


@require_POST
@needs(Action.COMMAND)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Rule, pk=pk)
    services.remove_rules([found.pk], at=clock.now())
    messages.success(request, _("The rule %(name)s was removed.") % {"name": found.name})
    return redirect("monitoring:rules")


@require_POST
@needs(Action.COMMAND)
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Rule, pk=pk)
    try:
        services.reset_rule(found, at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(found)
