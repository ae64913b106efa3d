from django.db import models


class RouteDay(models.Model):
    """How long the requests of a day took, by method and route."""

    day = models.DateField()
    route = models.CharField(max_length=200)
    requests = models.BigIntegerField()
    seconds = models.FloatField()  # of all of them together
    slowest = models.FloatField()

    class Meta:
        default_permissions = ()
        ordering = ["-day", "route"]
        constraints = [
            models.UniqueConstraint(fields=["day", "route"], name="one_row_a_day_and_route")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.route}"
