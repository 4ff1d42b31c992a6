"""Room for the sealed numbers. 0003 fills it, 0004 lets the plain ones go, 0005 clears what the disk still holds of them."""

from django.db import migrations, models

import zhibu.web.core.sealed


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]
    operations = [
        # null while it empties: the way back adds the column before there are values
        migrations.AlterField(
            "member", "id_number", models.CharField("公民身份号码", max_length=18, unique=True, null=True)
        ),
        migrations.AddField("member", "row_key", models.UUIDField(null=True, editable=False)),
        migrations.AddField(
            "member", "id_sealed", zhibu.web.core.sealed.SealedField("公民身份号码", row="row_key", digest="id_digest")
        ),
        migrations.AddField("member", "id_digest", models.CharField(max_length=64, null=True, editable=False)),
        migrations.AddField(
            "member",
            "phone_sealed",
            zhibu.web.core.sealed.SealedField("手机号码", row="row_key", digest="phone_digest"),
        ),
        migrations.AddField(
            "member", "phone_digest", models.CharField(blank=True, default="", max_length=64, editable=False)
        ),
    ]
