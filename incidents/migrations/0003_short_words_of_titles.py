import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations

import incidents.search


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_append_only_timeline")]

    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=django.contrib.postgres.indexes.GinIndex(
                incidents.search.Letters(django.db.models.functions.text.Upper("title")),
                name="incident_title_letters",
            ),
        ),
    ]
