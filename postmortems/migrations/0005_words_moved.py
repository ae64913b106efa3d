from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0004_words_move")]

    operations = [
        migrations.RemoveField("postmortem", "summary"),
        migrations.RemoveField("postmortem", "whys_before"),
    ]
