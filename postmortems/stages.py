"""What each stage of a response is called."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STAGES: Final[dict[str, Promise]] = {
    "detected": _("Detected"),
    "paged": _("First page"),
    "acknowledged": _("Acknowledged"),
    "mobilised": _("All who came were there"),
    "mitigated": _("Mitigated"),
    "resolved": _("Resolved"),
}
