from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from incidents import services
from incidents.forms import NewTaskForm, TaskForm
from incidents.models import Task
from incidents.views.acting import act, act_on_form, form_page
from teams.access import needs
from teams.domain.roles import Action


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.RESPOND)
def add(request: HttpRequest, number: int) -> HttpResponse:
    if request.method != "POST":
        return form_page(request, number, NewTaskForm())
    return act_on_form(request, number, NewTaskForm(request.POST), services.add_task, back="#tasks")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.RESPOND)
def change(request: HttpRequest, number: int, task: int) -> HttpResponse:
    if request.method == "POST":
        form = TaskForm(request.POST)
        return act_on_form(request, number, form, services.change_task, task=task, back="#tasks")
    found = get_object_or_404(Task, pk=task, incident=number)
    known = {"text": found.text, "owner": found.owner_id, "due_at": found.due_at}
    return form_page(request, number, TaskForm(initial=known))


@require_POST
@needs(Action.RESPOND)
def finish(request: HttpRequest, number: int, task: int) -> HttpResponse:
    return act(request, number, services.finish_task, task=task, back="#tasks")


@require_POST
@needs(Action.RESPOND)
def undo(request: HttpRequest, number: int, task: int) -> HttpResponse:
    return act(request, number, services.undo_task, task=task, back="#tasks")
