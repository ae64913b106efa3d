import hashlib
import json
from typing import Any

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION postmortems_version_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a postmortem does not change';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE ON postmortems_version
    FOR EACH ROW EXECUTE FUNCTION postmortems_version_is_append_only();
"""
CHANGING = """
DROP TRIGGER append_only ON postmortems_version;
DROP FUNCTION postmortems_version_is_append_only();
"""
KEPT = (
    "users_affected",
    "withdrawals_delayed",
    "revenue_impact",
    "contributing_factors",
    "lessons",
)
NEW = ("went_well", "went_badly", "got_lucky", "public_ko", "public_en")


def move(apps: Any, _schema: object) -> None:
    """The summary goes to its language, the five answers become a chain, and what it says is version so and so."""
    tables = {
        name: apps.get_model("postmortems", name) for name in ("Postmortem", "Why", "Version")
    }
    rows = tables["Postmortem"].objects.select_related("incident", "author")
    for row in rows.prefetch_related("actions").order_by("pk").iterator(chunk_size=500):
        korean = row.language.startswith("ko")
        row.summary_ko, row.summary_en = (row.summary, "") if korean else ("", row.summary)
        row.owner, row.drafted_of = row.author, row.incident.resolved_at
        row.save()
        answers = [answer.strip() for answer in row.whys_before if answer.strip()]
        above = None
        for answer in answers:
            above = tables["Why"].objects.create(
                postmortem=row, parent=above, answer=answer[:500], by=row.author, at=row.updated_at
            )
        _keep(tables["Version"], row, answers)


def _keep(versions: Any, row: Any, answers: list[str]) -> None:
    tree: list[dict[str, Any]] = []
    for answer in reversed(answers):
        tree = [{"answer": answer[:500], "evidence": [], "causes": tree}]
    texts = {name: getattr(row, name) for name in ("language", "summary_ko", "summary_en", *KEPT)}
    blank = {"energy_spent": None, "trx_spent": None, **dict.fromkeys(NEW, "")}
    content = {
        "texts": texts | blank,
        "owner": row.owner.username if row.owner else "",
        "whys": tree,
        "actions": [_action(item) for item in row.actions.order_by("due_date", "pk")],
        "moments": [],
        "impacts": [],
    }
    said = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    name = (row.owner.display_name or row.owner.username) if row.owner else ""
    versions.objects.create(
        postmortem=row, number=row.version, state=row.state, at=row.updated_at, by=row.owner,
        by_name=name, content=content, hash=hashlib.sha256(said.encode()).hexdigest(),
    )  # fmt: skip


def _action(item: Any) -> dict[str, Any]:
    return {
        "kind": item.kind, "purpose": "", "description": item.description, "owner": item.owner,
        "due": item.due_date.isoformat(), "priority": item.priority, "status": item.status,
        "tracker": "", "suggested": False,
    }  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0003_learning")]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.RunSQL(APPEND_ONLY, CHANGING),
    ]
