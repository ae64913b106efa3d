"""Who is told without working on it: the manual's groups, and addresses that can be right."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from config.seeds.planting import plant
from teams.domain.addresses import fits
from teams.stakeholders import StakeholderContact, StakeholderGroup


@pytest.mark.parametrize(
    ("channel", "address", "is_right"),
    [
        ("sms", "+821012345678", True),
        ("sms", "010-1234-5678", False),
        ("voice", "+0101234567", False),
        ("email", "ops-team@company.com", True),
        ("email", "ops-team@company.com, ceo@company.com", False),
        ("email", "누구", False),
        ("slack", "C0123456", True),
        ("slack", "https://hooks.slack.example/services/T/B/x", True),
        ("slack", "#general", False),
        ("webhook", "https://partner.example/hook", True),
        ("webhook", "ftp://partner.example", False),
        ("pigeon", "the roof", False),
    ],
)
def test_an_address_fits_its_channel_or_not(channel, address, is_right):
    assert fits(channel, address) is is_right


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "kind", "told"),
    [
        ("engineering", "internal", {"dev-team@company.com"}),
        ("operations", "internal", {"ops-team@company.com"}),
        ("management", "internal", {"ceo", "cto"}),
        ("support", "internal", {"support@company.com"}),
        ("customers", "external", {"notifications@customer-portal.com"}),
        ("partners", "external", {"partners@company.com"}),
        ("vendors", "external", {"vendor-relations@company.com"}),
    ],
)
def test_the_groups_are_the_manuals(seeded, slug, kind, told):
    group = StakeholderGroup.objects.get(slug=slug)

    people = set(group.people.values_list("username", flat=True))
    assert group.kind == kind
    assert people | set(group.contacts.values_list("address", flat=True)) == told


@pytest.mark.django_db
def test_in_production_no_example_address_is_told(settings):
    settings.PRODUCTION = True
    plant("first-password")

    assert StakeholderGroup.objects.count() == 7
    assert not StakeholderContact.objects.exists()


@pytest.mark.django_db
def test_a_group_taken_away_stays_away(seeded):
    StakeholderGroup.objects.get(slug="vendors").delete()
    plant("commander-pass")

    assert not StakeholderGroup.objects.filter(slug="vendors").exists()


@pytest.mark.django_db
def test_a_wrong_address_is_said_at_the_desk(seeded):
    support = StakeholderGroup.objects.get(slug="support")
    contact = StakeholderContact(group=support, name="콜센터", channel="sms", address="1588-0000")

    with pytest.raises(ValidationError, match="\\+821012345678"):
        contact.full_clean()


@pytest.mark.django_db
def test_an_address_is_listed_once_in_a_group(seeded):
    contact = StakeholderContact.objects.first()
    contact.pk = None

    with pytest.raises(IntegrityError, match="one_address_a_group"), transaction.atomic():
        contact.save()
