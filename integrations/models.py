from django.db import models


class Heard(models.Model):
    """What an outsider told us once, and our answer: they repeat what they think was not heard."""

    key = models.CharField(max_length=100, primary_key=True)
    answer = models.TextField(blank=True, default="")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
