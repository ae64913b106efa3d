"""One tap under an incident that is over: how did we do? No cookie and no account, as all that readers do here."""

from allauth.account.adapter import get_adapter
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation

from core import clock
from core.errors import Refused
from statuspage.models import Notice
from statuspage.models.rating import BEST, LONGEST, WORST
from statuspage.services import rating
from statuspage.subscriber_views import answered, language_of, public


class RatingForm(forms.Form):
    score = forms.IntegerField(min_value=WORST, max_value=BEST)
    comment = forms.CharField(max_length=LONGEST, required=False)


@public("POST")
def rate(request: HttpRequest, public_id: str) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.public(), public_id=public_id)
    form, language = RatingForm(request.POST), language_of(request.POST.get("language", ""))
    with translation.override(language):
        if not form.is_valid():
            said = {"errors": [words for found in form.errors.values() for words in found]}
            return answered(request, "refused", said, depth=2, status=400)
        client = get_adapter(request).get_client_ip(request)
        agent = request.headers.get("User-Agent", "")
        try:
            rating.rate(
                notice, **form.cleaned_data, client=client, agent=agent, language=language, at=clock.now()
            )  # fmt: skip
        except Refused as refused:
            return answered(request, "refused", {"errors": [str(refused)]}, depth=2, status=409)
        return answered(request, "rated", {"public_id": public_id, **form.cleaned_data}, depth=2)
