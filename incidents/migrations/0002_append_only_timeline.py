"""The timeline only grows: neither a bug nor a curious hand in psql changes what was written.

Two fences. The permission is taken from whoever owns the table, so a plain UPDATE is refused; the
trigger also stops a superuser, who passes every permission. Who lifts both and changes a row is
found by `manage.py verify_timeline`.
"""

from django.db import migrations

FENCE = """
CREATE FUNCTION incidents_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the timeline is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON incidents_event
    FOR EACH ROW EXECUTE FUNCTION incidents_event_is_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON incidents_event
    FOR EACH STATEMENT EXECUTE FUNCTION incidents_event_is_append_only();
REVOKE UPDATE, DELETE, TRUNCATE ON incidents_event FROM CURRENT_USER, PUBLIC;
"""

OPEN = """
GRANT UPDATE, DELETE, TRUNCATE ON incidents_event TO CURRENT_USER;
DROP TRIGGER append_only ON incidents_event;
DROP TRIGGER never_emptied ON incidents_event;
DROP FUNCTION incidents_event_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]

    operations = [migrations.RunSQL(FENCE, OPEN)]
