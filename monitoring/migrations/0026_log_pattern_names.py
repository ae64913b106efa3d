"""Names of log patterns in both languages; those that came with us get the one they lacked."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NAMES = {
    "database-corrupt": ("데이터베이스 손상", "Database corruption"),
    "database-refuses": ("데이터베이스 연결 거부", "Database refuses connections"),
    "database-full": ("데이터베이스 연결 한도 초과", "Too many database connections"),
    "out-of-memory": ("메모리 부족", "Out of memory"),
    "disk-full": ("디스크 가득 참", "Disk full"),
    "segfault": ("프로세스 비정상 종료", "Segmentation fault"),
    "unit-failed": ("서비스 유닛 실패", "A unit failed"),
    "tron-node": ("TRON 노드 오류", "TRON node errors"),
    "withdrawals-fail": ("출금 실패", "Withdrawals fail"),
    "sign-ins-fail": ("로그인 실패 반복", "Failed sign-ins"),
    "tls": ("TLS 인증서·연결 오류", "TLS errors"),
}


def name_in_both(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    patterns = apps.get_model("monitoring", "LogPattern").objects
    patterns.update(name_en=models.F("name_ko"))
    for slug, names in NAMES.items():
        # What a person named otherwise stays.
        patterns.filter(slug=slug, name_ko__in=names).update(name_ko=names[0], name_en=names[1])


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0025_retired_metrics"),
    ]

    operations = [
        migrations.RenameField("logpattern", "name", "name_ko"),
        migrations.AlterField(
            model_name="logpattern",
            name="name_ko",
            field=models.CharField(max_length=120, verbose_name="name (Korean)"),
        ),
        migrations.AddField(
            model_name="logpattern",
            name="name_en",
            field=models.CharField(default="", max_length=120, verbose_name="name (English)"),
            preserve_default=False,
        ),
        migrations.AlterModelOptions(
            name="logpattern",
            options={
                "ordering": ["name_ko", "pk"],
                "verbose_name": "log pattern",
                "verbose_name_plural": "log patterns",
            },
        ),
        migrations.RunPython(name_in_both, migrations.RunPython.noop),
    ]
