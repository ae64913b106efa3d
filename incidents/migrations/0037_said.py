"""The words of each incident in one column, kept by triggers: of its title and description, and of its notes.

PostgreSQL makes no vector of more than a megabyte: of an incident that said half of one already, no more is taken.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

KEEP = """
CREATE FUNCTION incidents_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT to_tsvector('simple', left(coalesce(said, ''), 20000))
$$;
CREATE FUNCTION incidents_with_note(words tsvector, note text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN octet_length(words::text) < 500000 THEN words || incidents_words(note) ELSE words END
$$;
CREATE AGGREGATE incidents_noted(text) (
    SFUNC = incidents_with_note, STYPE = tsvector, INITCOND = ''
);

CREATE FUNCTION incidents_incident_said() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted tsvector := '';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT incidents_noted(data ->> 'text' ORDER BY seq) INTO noted
          FROM incidents_event WHERE incident_id = NEW.number AND kind = 'note';
    END IF;
    INSERT INTO incidents_said (incident_id, words)
    VALUES (NEW.number, incidents_words(NEW.title || ' ' || NEW.description) || coalesce(noted, ''))
    ON CONFLICT (incident_id) DO UPDATE SET words = EXCLUDED.words;
    RETURN NULL;
END $$;
CREATE TRIGGER said AFTER INSERT ON incidents_incident
    FOR EACH ROW EXECUTE FUNCTION incidents_incident_said();
CREATE TRIGGER said_otherwise AFTER UPDATE OF title, description ON incidents_incident
    FOR EACH ROW WHEN ((OLD.title, OLD.description) IS DISTINCT FROM (NEW.title, NEW.description))
    EXECUTE FUNCTION incidents_incident_said();

CREATE FUNCTION incidents_note_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE incidents_said SET words = incidents_with_note(words, NEW.data ->> 'text')
     WHERE incident_id = NEW.incident_id;
    RETURN NULL;
END $$;
CREATE TRIGGER said AFTER INSERT ON incidents_event
    FOR EACH ROW WHEN (NEW.kind = 'note') EXECUTE FUNCTION incidents_note_said();

INSERT INTO incidents_said (incident_id, words)
SELECT i.number, incidents_words(i.title || ' ' || i.description) || coalesce(n.words, '')
  FROM incidents_incident AS i
  LEFT JOIN (
      SELECT incident_id, incidents_noted(data ->> 'text' ORDER BY seq) AS words
        FROM incidents_event WHERE kind = 'note' GROUP BY incident_id
  ) AS n ON n.incident_id = i.number;
"""

FORGET = """
DROP TRIGGER said ON incidents_event;
DROP TRIGGER said ON incidents_incident;
DROP TRIGGER said_otherwise ON incidents_incident;
DROP FUNCTION incidents_note_said();
DROP FUNCTION incidents_incident_said();
DROP AGGREGATE incidents_noted(text);
DROP FUNCTION incidents_with_note(tsvector, text);
DROP FUNCTION incidents_words(text);
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0036_notes_by_incident")]

    operations = [
        migrations.CreateModel(
            name="Said",
            fields=[
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="incidents.incident",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.RunSQL(KEEP, FORGET),
        migrations.AddIndex(
            model_name="said",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="said_words"),
        ),
        migrations.RemoveIndex(model_name="incident", name="incident_words"),
        migrations.RemoveIndex(model_name="event", name="event_note_words"),
    ]
