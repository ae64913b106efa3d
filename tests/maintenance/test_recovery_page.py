"""The page of disaster recovery, from nothing recorded to a replica that follows."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from config.seeds.planting import plant
from core import clock
from maintenance.models import CopyRole, CopySample, DataCopy, KeptData, ServiceLoad, Site
from maintenance.services import assess, note_lag, sample_copies, sample_sites
from monitoring.charting import series
from monitoring.models import Metric
from runbooks.models import Database, Host, Way
from teams.models import Service


@pytest.fixture
def english(browser, everyone):
    """What somebody sees who reads English, where no site is recorded."""
    _nothing()
    reader = everyone["viewer"]
    reader.language = "en"
    reader.save()
    return browser("viewer")


def _nothing():
    for kind in (DataCopy, KeptData, ServiceLoad, Site):
        kind.objects.all().delete()


@pytest.fixture
def sites(db):
    _nothing()
    seoul = Site.objects.create(slug="seoul", name_ko="서울", name_en="Seoul", serves=True)
    busan = Site.objects.create(
        slug="busan", name_ko="부산", name_en="Busan", place=1, capacity_percent=50,
        ready_within=timedelta(minutes=30),
    )  # fmt: skip
    data = KeptData.objects.create(slug="wallets", name_ko="지갑", name_en="Wallets")
    for site in (seoul, busan):
        database = Database.objects.create(name=f"db-{site.slug}")
        DataCopy.objects.create(data=data, site=site, database=database)
    return seoul, busan


def test_without_sites_the_page_says_what_to_record(english):
    shown = english.get("/recovery/").content.decode()
    assert "No site is recorded yet" in shown


def test_seeds_are_planted_once_and_nothing_is_called_ready(db):
    plant("")
    assert list(Site.objects.values_list("slug", "capacity_percent", "serves")) == [
        ("seoul", 100, True), ("busan", 50, False), ("cloud", 25, False),
    ]  # fmt: skip
    Site.objects.all().delete()
    plant("")
    assert not Site.objects.exists()


def test_each_site_that_could_take_over_says_what_it_lacks(english, sites):
    first, second = (
        Service.objects.create(slug=slug, name_ko=slug, name_en=slug) for slug in ("w1", "web1")
    )
    ServiceLoad.objects.create(service=first, priority=1, percent=40)
    ServiceLoad.objects.create(service=second, priority=6, percent=30)
    shown = english.get("/recovery/").content.decode()
    assert "Not proven ready" in shown
    assert "No copy of Wallets would survive" in shown
    assert "web1 would be shed" in shown
    assert "Back up now on the page Backups" in shown


def test_what_answers_is_looked_at_and_what_does_not_is_silent(sites):
    """Both are our own database here, which takes writes."""
    Database.objects.filter(name="db-busan").update(address="postgresql://nobody@127.0.0.1:1/x")
    seoul, busan = sample_copies()
    assert (seoul.role, busan.role) == (CopyRole.LEADS, CopyRole.SILENT)
    assert seoul.place > 0
    assert busan.detail


def test_two_that_take_writes_at_once_are_named(sites):
    sample_copies()
    _seoul, busan = assess(at=clock.database_now()).sites
    with override("en"):
        assert any("drift apart" in str(one.says) for one in busan.findings)


def test_a_replica_at_a_site_is_its_recovery_point_and_ages_until_somebody_looks_again(sites):
    at = clock.database_now()
    copy = DataCopy.objects.get(site=sites[1])
    CopySample.objects.create(
        copy=copy, at=at, role=CopyRole.FOLLOWS, place=1, safe_until=at - timedelta(seconds=3)
    )
    CopySample.objects.create(copy=copy, at=at, role=CopyRole.SILENT)
    later = at + timedelta(minutes=20)
    [one] = [one for one in assess(at=later).sites[1].findings if one.name == "point"]
    with override("en"):
        assert "at most 20 min" in str(one.says)


def test_servers_are_counted_by_the_door_that_runbooks_come_in_by(sites):
    here = Host.objects.create(name="here", way=Way.LOCAL)
    gone = Host.objects.create(name="gone", address="127.0.0.1", port=1)
    sites[0].hosts.set([here, gone])
    sample_sites()
    assert (sites[0].seen.answering, sites[0].seen.hosts, sites[0].seen.silent) == (1, 2, ["gone"])


def test_machines_get_the_same(english, sites):
    sample_copies()
    found = english.get("/api/v1/recovery/").json()
    assert found["rpo_seconds"] == 3600
    assert [one["slug"] for one in found["sites"]] == ["seoul", "busan"]
    assert {one["loss"] for one in found["points"]} == {"site", "data"}
    assert found["sites"][1]["state"] == "bad"


def test_what_a_replica_lacks_is_a_metric_that_grows_while_it_is_silent(sites):
    at = clock.database_now()
    copy = DataCopy.objects.get(site=sites[1])
    past = {"copy": copy, "at": at - timedelta(minutes=5), "place": 1}
    CopySample.objects.create(role=CopyRole.FOLLOWS, safe_until=at - timedelta(minutes=5), **past)
    silent = CopySample.objects.create(copy=copy, at=at, role=CopyRole.SILENT)
    note_lag([silent], at=at)
    metric = Metric.objects.get(name="replica_lacks_seconds")
    assert metric.labels == {"data": "wallets", "site": "busan"}
    [one] = series(metric.pk, at - timedelta(minutes=1), at + timedelta(seconds=1), at=at).bins
    assert one.mean == pytest.approx(300)
