"""An installation keeps what its people wrote before: the answers of five whys, and the summary."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE, AFTER = [("postmortems", "0002_name_fields")], [("postmortems", "0005_words_moved")]
AT = datetime(2026, 11, 23, 3, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_old_answers_become_a_chain_and_what_was_published_a_frozen_version():
    executor = MigrationExecutor(connection)
    newest = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "postmortems"]
    old = executor.migrate(BEFORE).apps
    incident = old.get_model("incidents", "Incident").objects.create(
        title="t", severity="P1", status="resolved", detected_at=AT, clock_since=AT, response_since=AT,
        respond_by=AT, resolve_by=AT, resolved_at=AT,
    )  # fmt: skip
    old.get_model("postmortems", "Postmortem").objects.create(
        incident=incident, language="ko", state="published", summary="요약", version=4,
        whys=["키가 만료됐어요", " ", "알림이 없었어요", "", ""], created_at=AT, updated_at=AT,
    )  # fmt: skip

    executor = MigrationExecutor(connection)
    new = executor.migrate(AFTER).apps

    row = new.get_model("postmortems", "Postmortem").objects.get()
    assert (row.summary_ko, row.summary_en, row.drafted_of) == ("요약", "", AT)
    first, second = new.get_model("postmortems", "Why").objects.order_by("pk")
    assert (first.answer, first.parent_id) == ("키가 만료됐어요", None)
    assert (second.answer, second.parent_id) == ("알림이 없었어요", first.pk)
    version = new.get_model("postmortems", "Version").objects.get()
    assert (version.number, version.state, len(version.hash)) == (4, "published", 64)
    MigrationExecutor(connection).migrate(newest)
