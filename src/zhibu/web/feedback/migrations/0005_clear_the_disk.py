"""The plain contacts leave the free pages too, as the members' numbers did (members 0005)."""

from django.db import migrations

from zhibu.web.core import seal_rows


def forwards(apps, schema_editor):
    if apps.get_model("feedback", "Feedback")._base_manager.exclude(contact_sealed="").exists():
        seal_rows.clear_the_disk(schema_editor.connection, "feedback_feedback")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0004_no_plain_contact")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
