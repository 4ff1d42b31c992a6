"""Room for the sealed numbers. 0003 fills it, 0004 lets the plain ones go, 0005 clears what the disk still holds of them.

New columns are null until 0004: SQLite then adds them without writing the table anew.
"""

from django.db import migrations, models

import zhibu.web.core.sealed


class LooserOnTheWayBack(migrations.AlterField):
    """The way back adds the column before there are values; the way up never empties it, so nothing is to be done."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        pass

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        super().database_forwards(app_label, schema_editor, from_state, to_state)


def sealed(name, digest):
    return zhibu.web.core.sealed.SealedField(name, row="row_key", digest=digest, null=True, default=None)


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]
    operations = [
        LooserOnTheWayBack(
            "member", "id_number", models.CharField("公民身份号码", max_length=18, unique=True, null=True)
        ),
        migrations.AddField("member", "row_key", models.UUIDField(null=True, editable=False)),
        migrations.AddField("member", "id_sealed", sealed("公民身份号码", "id_digest")),
        migrations.AddField("member", "id_digest", models.CharField(max_length=64, null=True, editable=False)),
        migrations.AddField("member", "phone_sealed", sealed("手机号码", "phone_digest")),
        migrations.AddField("member", "phone_digest", models.CharField(max_length=64, null=True, editable=False)),
    ]
