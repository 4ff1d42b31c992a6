import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0003_seal")]
    operations = [
        migrations.RemoveField("feedback", "contact"),
        migrations.AlterField("feedback", "row_key", models.UUIDField(default=uuid.uuid4, unique=True, editable=False)),
    ]
