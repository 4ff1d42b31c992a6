"""Every contact is sealed, batch by batch, each committed; also back again, as long as the keys are there."""

from django.db import migrations

from zhibu.web.core import seal_rows

COLUMNS = {"contact": "contact_sealed"}


def forwards(apps, schema_editor):
    seal_rows.seal_rows(apps.get_model("feedback", "Feedback"), COLUMNS)


def backwards(apps, schema_editor):
    seal_rows.open_rows(apps.get_model("feedback", "Feedback"), COLUMNS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0002_sealed_contact")]
    operations = [migrations.RunPython(forwards, backwards)]
