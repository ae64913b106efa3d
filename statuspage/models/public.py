import secrets
import string
from typing import Final

from django.db import models

LETTERS: Final = string.ascii_lowercase + string.digits


def new_name() -> str:
    """Twelve of a-z and 0-9, as Statuspage's clients expect an id."""
    return "".join(secrets.choice(LETTERS) for _ in range(12))


class Public(models.Model):
    """Known outside by a name that says nothing of how many there are."""

    public_id = models.CharField(max_length=12, unique=True, default=new_name, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.public_id
