"""Whether the signer would sign, asked before anybody needs it: why it does not is an alert."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from core.models import Heartbeat
from energy.domain.policy import KINDS, Lever
from energy.services.telling import SERVICE
from integrations import tron
from monitoring.domain.alerts import Signal
from monitoring.models import Alert
from monitoring.services import in_each_language, tell
from runbooks.domain.actions import Mode
from runbooks.models import Limits

REFUSES, AWAY = "energy:signer:refuses", "energy:signer:away"
MISSED: Final = "energy signer missed"
PATIENCE: Final = timedelta(minutes=2)  # a restart is no alert
SIGNED: Final = (Lever.DELEGATE_ENERGY, Lever.CANCEL_UNSTAKES, Lever.EMERGENCY_STAKING)


def mind_the_signer(*, at: datetime) -> None:
    holds: dict[str, str] = {}
    try:
        tron.ask_the_signer_how_it_is()
    except tron.SignerRefused as refusal:
        holds[REFUSES] = str(refusal)
    except tron.SignerUnreachable as error:
        _missed(holds, error, at)
        _tell(holds, {AWAY}, at)  # what it would say, it cannot say now
        return
    Heartbeat.objects.filter(name=MISSED).delete()
    _tell(holds, {REFUSES, AWAY}, at)


def _missed(holds: dict[str, str], error: Exception, at: datetime) -> None:
    """Where no stake may move by itself, nobody need start one."""
    needed = Limits.objects.filter(kind__in=[KINDS[one] for one in SIGNED], mode=Mode.ON)
    since, _made = Heartbeat.objects.get_or_create(name=MISSED, defaults={"at": at})
    if at - since.at >= PATIENCE and needed.exists():
        holds[AWAY] = str(error)


def _tell(holds: dict[str, str], asked: set[str], at: datetime) -> None:
    known = set(Alert.objects.open().filter(key__in=asked).values_list("key", flat=True))
    signals = [_began(key, why, at) for key, why in holds.items() if key not in known]
    signals += [Signal(key=key, title=key, resolved=True) for key in known - set(holds)]
    if signals:
        tell(signals, at=at)


@in_each_language
def _began(key: str, why: str, at: datetime) -> Signal:
    title = {
        REFUSES: _("The signer signs nothing any more"),
        AWAY: _("The signer does not answer"),
    }[key]
    description = _(
        "%(why)s. Nothing can be staked, delegated or cancelled until it signs again."
    ) % {"why": why}
    return Signal(
        key=key,
        title=title,
        description=description,
        severities=["P1"],
        service=SERVICE,
        group="energy:signer",
        labels={"alertname": key.replace(":", "_")},
        started_at=at,
        url=f"{settings.BASE_URL}/energy/",
    )
