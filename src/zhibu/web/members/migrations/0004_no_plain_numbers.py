import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0003_seal")]
    operations = [
        migrations.RemoveField("member", "id_number"),
        migrations.RemoveField("member", "phone"),
        migrations.AlterField("member", "row_key", models.UUIDField(default=uuid.uuid4, unique=True, editable=False)),
        migrations.AlterField("member", "id_digest", models.CharField(max_length=64, unique=True, editable=False)),
        migrations.AlterField(
            "member", "phone_digest", models.CharField(blank=True, db_index=True, max_length=64, editable=False)
        ),
    ]
