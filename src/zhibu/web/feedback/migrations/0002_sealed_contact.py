"""Room for the sealed contact. 0003 fills it, 0004 lets the plain one go, 0005 clears what the disk still holds of it."""

from django.db import migrations, models

import zhibu.web.core.sealed


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial")]
    operations = [
        migrations.AddField("feedback", "row_key", models.UUIDField(null=True, editable=False)),
        migrations.AddField("feedback", "contact_sealed", zhibu.web.core.sealed.SealedField("联系方式", row="row_key")),
    ]
