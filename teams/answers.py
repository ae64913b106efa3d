"""What a program was answered, so that one that asks again is answered the same and changes nothing."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models

KEPT: Final = timedelta(days=1)
LONGEST_KEY: Final = 255


class KeptAnswer(models.Model):
    """Written in the transaction of what it answers for: there is both or neither."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=LONGEST_KEY)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(default=0)
    # As it was sent: jsonb would bring its fields into another order.
    body = models.TextField(default="")

    class Meta:
        default_permissions = ()
        constraints = [
            # Whoever asks a second time meanwhile waits here for the first to be done.
            models.UniqueConstraint(fields=["user", "key"], name="one_answer_a_key"),
        ]
        indexes = [models.Index(fields=["made_at"], name="answer_by_age")]

    def __str__(self) -> str:
        return self.key


def prune_answers(*, at: datetime) -> None:
    KeptAnswer.objects.filter(made_at__lt=at - KEPT).delete()
