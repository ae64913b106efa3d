from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from statuspage.carriers import TRACKING


@register
def the_mail_provider_is_one_that_we_hear(**_: Any) -> list[CheckMessage]:
    named = settings.MAIL_PROVIDER
    if not named or (named in TRACKING and all(settings.ANYMAIL.values())):
        return []
    text = "Nobody tells us of mails that came back: the provider is unknown, or has no secret."
    hint = f"Set BONGSU_MAIL_PROVIDER to one of {', '.join(TRACKING)}, and BONGSU_MAIL_PROVIDER_SECRET."
    return [Error(text, hint=hint, id="bongsu.E005")]
