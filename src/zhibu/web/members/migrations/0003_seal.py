"""Every identity number and phone is sealed, batch by batch in the order of the keys, each batch committed: after a
kill it goes on where it stopped. Back again too, as long as the keys are there."""

from django.db import migrations

from zhibu.web.core import seal_rows, sealed

NUMBERS = {"id_number": "id_sealed", "phone": "phone_sealed"}


def forwards(apps, schema_editor):
    seal_rows.seal_rows(apps.get_model("members", "Member"), NUMBERS)
    _seal_imports(apps)


def backwards(apps, schema_editor):
    seal_rows.open_rows(apps.get_model("members", "Member"), NUMBERS)


def _seal_imports(apps):
    """What an import changed is kept until it can't be undone any more: phones among it, in plain."""
    Created = apps.get_model("imports", "Created")
    Member = apps.get_model("members", "Member")
    for lines in seal_rows.by_key(Created.objects.filter(thing="members.member", before__has_key="phone")):
        members = Member._base_manager.only("pk", "row_key").in_bulk([line.thing_id for line in lines])
        for line in lines:
            was, became = line.before.pop("phone")
            if row := members.get(line.thing_id):
                pairs = [_stored(row, was), _stored(row, became)]
                line.before["phone_sealed"] = [pair[0] for pair in pairs]
                line.before["phone_digest"] = [pair[1] for pair in pairs]
        seal_rows.write(lines, ["before"])


def _stored(row, phone):
    sealed.put(row, "phone_sealed", phone or "")
    return row.phone_sealed, row.phone_digest


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("members", "0002_sealed_columns"), ("imports", "0003_created_by_thousands")]
    operations = [migrations.RunPython(forwards, backwards)]
