from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from monitoring import services
from monitoring.forms_logs import LogPatternForm, LogSourceForm
from monitoring.models import LogFinding, LogPattern, LogSource, LogTemplate
from monitoring.registry import LINES, addressed
from monitoring.screens import logs as screen
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def overview(request: HttpRequest) -> HttpResponse:
    context = screen.overview(at=clock.now(), page=request.GET.get("page", "1"))
    return render(request, "monitoring/logs.html", context | _may(request))


@require_GET
@needs(Action.READ)
def source(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(LogSource.objects.select_related("service", "integration"), pk=pk)
    context = screen.of_source(found, at=clock.now(), page=request.GET.get("page", "1"))
    return render(request, "monitoring/log_source.html", context | _may(request))


@require_GET
@needs(Action.READ)
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    rows = LogFinding.objects.select_related("source__service", "pattern", "template")
    context = screen.of_finding(get_object_or_404(rows, pk=pk))
    return render(request, "monitoring/log_finding.html", context | _may(request))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.ADMINISTER)
def new_source(request: HttpRequest) -> HttpResponse:
    return _source_form(request, LogSource())


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.ADMINISTER)
def change_source(request: HttpRequest, pk: int) -> HttpResponse:
    return _source_form(request, get_object_or_404(LogSource, pk=pk))


@require_POST
@needs(Action.ADMINISTER)
def remove_source(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(LogSource, pk=pk)
    services.let_go_log_source(found, at=clock.now())
    messages.success(request, _("%(name)s is not followed any more.") % {"name": found.name})
    return redirect("monitoring:logs")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def new_pattern(request: HttpRequest) -> HttpResponse:
    return _pattern_form(request, LogPattern())


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def pattern(request: HttpRequest, pk: int) -> HttpResponse:
    return _pattern_form(request, get_object_or_404(LogPattern, pk=pk))


@require_POST
@needs(Action.COMMAND)
def remove_pattern(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(LogPattern, pk=pk)
    services.let_go_log_pattern(found, at=clock.now())
    messages.success(request, _("%(name)s is not looked for any more.") % {"name": found.name})
    return redirect("monitoring:logs")


@require_POST
@needs(Action.RESPOND)
def know(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(LogTemplate, pk=pk)
    services.know_log_template(found, by=signed_in(request), at=clock.now())
    return redirect("monitoring:logs")


def _source_form(request: HttpRequest, source: LogSource) -> HttpResponse:
    form = LogSourceForm(request.POST or None, instance=source)
    if request.method == "POST" and form.is_valid():
        kept = form.save(commit=False)
        if token := services.keep_log_source(kept):
            address = addressed(LINES, request.build_absolute_uri("/").rstrip("/"), token)
            text = _("Post lines to %(address)s. It is shown only now.")
            messages.success(request, text % {"address": address})
        return redirect(kept)
    status = 400 if form.errors else 200
    return render(request, "monitoring/log_source_form.html", {"form": form}, status=status)


def _pattern_form(request: HttpRequest, pattern: LogPattern) -> HttpResponse:
    """The form and, while it is filled in, what it would fit."""
    form = LogPatternForm(request.POST or None, instance=pattern)
    part = "#tried" if request.htmx else ""  # type: ignore[attr-defined]
    only_looks = bool(part) or "look" in request.POST
    if request.method == "POST" and not only_looks and form.is_valid():
        services.keep_log_pattern(form.save(commit=False))
        return redirect("monitoring:logs")
    context = screen.of_pattern(pattern) if pattern.pk else {}
    status = 400 if form.is_bound and form.errors and not only_looks else 200
    context |= {"form": form, "tried": form.tried()} | _may(request)
    return render(request, f"monitoring/log_pattern.html{part}", context, status=status)


def _may(request: HttpRequest) -> dict[str, bool]:
    user = signed_in(request)
    return {
        "may": user.may(Action.COMMAND),
        "may_follow": user.may(Action.ADMINISTER),
        "may_know": user.may(Action.RESPOND),
    }
