"""Whoever could take a turn hears that it is asked for."""

from datetime import timedelta

import pytest

from incidents import services
from notifications.models import Delivery, Lane
from notifications.rendering import render
from teams.rotations import Rotation
from teams.services import ask_swap
from tests.incidents.conftest import START, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def swap(seeded):
    """Of the week of dev1, who is in turn after dev2."""
    return ask_swap(
        Rotation.objects.get(slug="first"), starts_at=START + timedelta(days=15),
        ends_at=START + timedelta(days=16), by=person("dev1"), at=START, reason="병원",
    )  # fmt: skip


def test_the_others_in_turn_are_told_once_and_quietly(swap):
    told = [services.tell_of_swaps(at=START), services.tell_of_swaps(at=START)]

    assert told == [1, 0]
    notices = Delivery.objects.about(f"swap:{swap.pk}")
    assert set(notices.values_list("recipient__username", "lane")) == {
        ("dev2", Lane.NOTICE), ("devops", Lane.NOTICE),
    }  # fmt: skip


def test_each_reads_it_in_their_own_language(swap):
    services.tell_of_swaps(at=START)
    said = {row.language: render(row).text for row in Delivery.objects.about(f"swap:{swap.pk}")}

    assert "First on call" in said["en"]
    assert "1차 당직" in said["ko"]
    assert all("병원" in text for text in said.values())
