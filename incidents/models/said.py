from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from incidents.models.incident import Incident


class Said(models.Model):
    """The words of an incident's title, description and notes; triggers write them.

    A table, and no indexes of three texts: PostgreSQL knows of a column how common each word is. Of a rare one it asks
    the index, of a common one it reads from the newest on until it has enough, however long the past is.
    """

    incident = models.OneToOneField(Incident, models.CASCADE, primary_key=True, related_name="+")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="said_words")]

    def __str__(self) -> str:
        return f"#{self.incident_id}"
