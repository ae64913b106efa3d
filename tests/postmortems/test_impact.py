"""What a manager reads of an incident's cost and of the response, on paper."""

import pytest

from postmortems import services
from postmortems.pdf import render
from postmortems.reporting import report_of
from tests.postmortems.conftest import START
from tests.postmortems.test_pdf import poppler, text

pytestmark = pytest.mark.django_db


def reported(postmortem):
    return report_of(postmortem, language="en", digest="d" * 64)


def test_each_service_has_how_long_it_was_affected_and_when(postmortem):
    lines = {one.label: one for one in reported(postmortem).impact}

    assert lines["Withdrawals"].value == "50\xa0min"
    assert lines["Withdrawals"].note == "11-23 12:00–11-23 12:50"
    postmortem.impacts.update(ended_at=None)
    assert {one.label: one.value for one in reported(postmortem).impact}["Withdrawals"] == ""


def test_energy_and_trx_stand_there_only_where_somebody_knows_them(postmortem):
    assert "TRX spent" not in {one.label for one in reported(postmortem).impact}

    said = {"energy_spent": 64_000, "trx_spent": 12_500_000, "withdrawals_delayed": 0}
    services.revise(postmortem, said, seen=1, by=None, at=START)
    lines = {one.label: one.value for one in reported(postmortem).impact}

    assert (lines["Energy spent"], lines["TRX spent"]) == ("64,000", "12.5\xa0TRX")
    assert lines["Withdrawals delayed"] == "0"  # a person said so


def test_the_response_stands_against_its_targets(postmortem):
    found = {one.label: one for one in reported(postmortem).response}

    assert (found["Acknowledged"].value, found["Acknowledged"].good) == ("4\xa0min", True)
    assert found["Acknowledged"].note == "target 30\xa0min"
    assert found["Mitigated"].value == ""  # nobody marked it


def test_the_paper_leads_to_the_room(postmortem):
    pdf = render(reported(postmortem))

    assert f"/incidents/{postmortem.incident_id}/" in poppler("pdfinfo", pdf, "-url")
    assert "Response" in text(pdf)
