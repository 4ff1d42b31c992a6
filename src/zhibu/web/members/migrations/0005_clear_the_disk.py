"""A column that goes leaves its values in free pages until they are written over: the tables are written anew.

What this can't reach: archived WAL of PostgreSQL, backups, snapshots (docs/manual/operate.md says what to do).
"""

from django.db import migrations

TABLES = ("members_member", "imports_created")


def forwards(apps, schema_editor):
    connection = schema_editor.connection
    if not apps.get_model("members", "Member")._base_manager.exists():
        return  # a new database: nothing plain was ever in it
    statements = {
        "sqlite": ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"],
        "postgresql": [f"VACUUM FULL {table}" for table in TABLES],
    }
    with connection.cursor() as cursor:
        for statement in statements.get(connection.vendor, []):
            cursor.execute(statement)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("members", "0004_no_plain_numbers")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
