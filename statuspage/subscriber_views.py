"""The public doors of subscribers, behind the page that is a file: no session, no cookie, no account.

Links in mails act on POST only, for scanners follow links. Nothing here needs a CSRF token: whoever posts
either typed an address, which proves nothing, or has a signed link.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import Refused
from statuspage import endpoints, later, tokens
from statuspage.domain.snapshot import Text
from statuspage.models import LetterName, Page, Subscriber, Way
from statuspage.services import subscribing
from statuspage.subscriber_forms import ChoiceForm, SubscribeForm, chosen, picks
from statuspage.tree import Tree

HOME: Final = "/status/"
ACCEPTED: Final = 202
GONE: Final = 410
View = Callable[..., HttpResponse]


def public(*methods: str) -> Callable[[View], View]:
    """Open to all, kept by nobody, and silent about where the reader came from: the address is a key."""

    def door(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **given: Any) -> HttpResponse:
            try:
                response = view(request, **given)
            except (OperationalError, InterfaceError):
                found = _without_tables(request, view.__name__, given.get("token", ""))
                if found is None:
                    raise
                response = found
            add_never_cache_headers(response)
            response["Referrer-Policy"] = "no-referrer"
            response["X-Robots-Tag"] = "noindex"
            return response

        allowed: View = login_not_required(csrf_exempt(require_http_methods(methods)(answer)))
        return allowed

    return door


def _without_tables(request: HttpRequest, what: str, token: str) -> HttpResponse | None:
    """What is asked for is written down and done later, and they are told so. None: it cannot be."""
    if not later.is_ours(what, token):
        return None
    if request.method != "POST":
        return answered(request, what, {}, depth=2)  # the button; whose it is nobody has to know
    language = language_of(request.POST.get("language", translation.get_language() or ""))
    client = get_adapter(request).get_client_ip(request)
    if not later.keep(what, token, request.POST, client=client, at=clock.now()):
        return None
    with translation.override(language):
        return answered(request, "later", {"what": what}, depth=2 if token else 1, status=ACCEPTED)


@public("POST")
def subscribe(request: HttpRequest) -> HttpResponse:
    form = SubscribeForm(request.POST)
    language = language_of(request.POST.get("language", ""))
    with translation.override(language):
        if not form.is_valid():
            said = {"errors": [words for found in form.errors.values() for words in found]}
            return answered(request, "refused", said, depth=1, status=400)
        client = get_adapter(request).get_client_ip(request)
        try:
            subscribing.ask(form.wish(), client=client, at=clock.now())
        except Refused as refused:
            return answered(request, "refused", {"errors": [str(refused)]}, depth=1, status=429)
        return answered(request, "asked", {"way": form.by, "phone": form.wish().address}, depth=1)


@public("POST")
def code(request: HttpRequest) -> HttpResponse:
    """What a text said, typed by whoever asked for it: as good as a letter's link, while it holds."""
    number, at = request.POST.get("phone", "").replace("\x00", ""), clock.now()
    token = subscribing.typed(number, request.POST.get("code", ""), at=at)
    if token is None:
        with translation.override(language_of(request.POST.get("language", ""))):
            said = {
                "way": Way.SMS,
                "phone": number,
                "errors": [_("That is not the code, or no more.")],
            }
            return answered(request, "asked", said, depth=1, status=400)
    if subscribing.opened(token, LetterName.MANAGE, at=at):
        return redirect("statuspage:manage", token)
    return _of(request, subscribing.confirm(token, at=at), "confirmed", depth=1)


@public("GET", "HEAD", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    one = subscribing.opened(token, LetterName.CONFIRM, at=clock.now())
    if one is None or request.method != "POST":
        return _of(request, one, "confirm")
    try:
        return _of(request, subscribing.confirm(token, at=clock.now()), "confirmed")
    except Refused as refused:
        return _of(request, one, "confirm", errors=[str(refused)], status=400)


@public("GET", "HEAD", "POST")
def manage(request: HttpRequest, token: str) -> HttpResponse:
    one = subscribing.opened(token, LetterName.MANAGE, at=clock.now())
    if one is None or request.method != "POST":
        return _of(request, one, "manage")
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        return _of(request, one, "manage", errors=form.non_field_errors(), status=400)
    one = subscribing.change(token, form.choice(), form.cleaned_data["language"], at=clock.now())
    return _of(request, one, "changed")


@public("GET", "HEAD", "POST")
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button, and what mail programs call by themselves (RFC 8058), which answers without a redirect."""
    key = tokens.key_leaving(token)
    one = Subscriber.objects.filter(key=key).first() if key else None
    if one and request.method == "POST":
        subscribing.leave(token, at=clock.now())
        return _of(request, one, "left")
    return _of(request, one, "leave")


def lost(request: HttpRequest) -> HttpResponse:
    """What is no page of the public tree, in the company's own dress: its customer knows no portal."""
    said = request.path_info.removeprefix(HOME).partition("/")[0]
    with translation.override(language_of(said)):
        up = HOME if translation.get_language() == settings.LANGUAGE_CODE else f"{HOME}{said}/"
        return answered(request, "lost", {"top": HOME, "up": up}, depth=0, status=404)


def _of(
    request: HttpRequest, one: Subscriber | None, name: str, *, status: int = 200, depth: int = 2,
    **said: Any,
) -> HttpResponse:  # fmt: skip
    with translation.override(one.language if one else translation.get_language()):
        if one is None:
            return answered(request, "expired", {}, depth=depth, status=GONE)
        if name == "manage":
            leaving = tokens.leaving(one.key)
            said |= {"picks": picks(), "chosen": chosen(one), "leaving": leaving}
        if one.way == Way.WEBHOOK and name in {"manage", "confirmed"}:
            said["secret"] = endpoints.secret_words(one)
            said["public_key"] = endpoints.public_key_words(one)
        return answered(request, name, said | {"subscriber": one}, depth=depth, status=status)


def answered(
    request: HttpRequest, name: str, said: dict[str, Any], *, depth: int, status: int = 200
) -> HttpResponse:
    language = language_of(translation.get_language() or "")
    top = "../" * depth
    usual = {
        "page": {"name": _company()},
        "language": language,
        "top": top,
        "up": top if language == settings.LANGUAGE_CODE else f"{top}{language}/",
    }
    return render(request, f"status/subscriber/{name}.html", usual | said, status=status)


def _company() -> Text:
    try:
        page = Page.objects.first()
    except (OperationalError, InterfaceError):
        published = Tree().published()
        return published["page"]["name"] if published else {"ko": ""}
    return {"ko": page.name_ko, "en": page.name_en} if page else {"ko": ""}


def language_of(said: str) -> str:
    return said if said in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
