"""A column that goes leaves its values in free pages until they are written over: the tables are written anew.

What this can't reach: archived WAL of PostgreSQL, backups, snapshots (docs/manual/operate.md says what to do).
"""

from django.db import migrations

from zhibu.web.core import seal_rows


def forwards(apps, schema_editor):
    if apps.get_model("members", "Member")._base_manager.exists():  # else nothing plain was ever in it
        seal_rows.clear_the_disk(schema_editor.connection, "members_member", "imports_created")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("members", "0004_no_plain_numbers")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
