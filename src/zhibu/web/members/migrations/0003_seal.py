"""Every identity number and phone is sealed, a thousand rows at a time: after a kill it goes on where it stopped. Back
again too, as long as the keys are there."""

import uuid

from django.db import migrations, transaction

from zhibu.web.core import sealed

BATCH = 1000
NUMBERS = (("id_number", "id_sealed"), ("phone", "phone_sealed"))


def forwards(apps, schema_editor):
    Member = apps.get_model("members", "Member")
    for rows in _batches(Member._base_manager.filter(row_key=None)):
        with transaction.atomic():
            for row in rows:
                row.row_key = uuid.uuid4()
                for plain, column in NUMBERS:
                    sealed.put(row, column, getattr(row, plain))
                _write(row, "row_key", "id_sealed", "id_digest", "phone_sealed", "phone_digest")
    _seal_imports(apps, Member._base_manager)


def backwards(apps, schema_editor):
    Member = apps.get_model("members", "Member")
    for rows in _batches(Member._base_manager.exclude(row_key=None)):
        with transaction.atomic():
            for row in rows:
                for plain, column in NUMBERS:
                    setattr(row, plain, sealed.whole(row, column))
                row.row_key, row.id_sealed, row.id_digest, row.phone_sealed, row.phone_digest = None, "", None, "", ""
                _write(row, "id_number", "phone", "row_key", "id_sealed", "id_digest", "phone_sealed", "phone_digest")


def _batches(rows):
    while found := list(rows.order_by("pk")[:BATCH]):
        yield found


def _write(row, *columns):
    type(row)._base_manager.filter(pk=row.pk).update(**{name: getattr(row, name) for name in columns})


def _seal_imports(apps, members):
    """What an import changed is kept until it can't be undone any more: phones among it, in plain."""
    Created = apps.get_model("imports", "Created")
    for line in Created.objects.filter(thing="members.member", before__has_key="phone").iterator():
        was, became = line.before.pop("phone")
        if row := members.filter(pk=line.thing_id).first():
            pairs = [_stored(row, was), _stored(row, became)]
            line.before["phone_sealed"] = [pair[0] for pair in pairs]
            line.before["phone_digest"] = [pair[1] for pair in pairs]
        line.save(update_fields=["before"])


def _stored(row, phone):
    sealed.put(row, "phone_sealed", phone or "")
    return row.phone_sealed, row.phone_digest


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("members", "0002_sealed_columns"), ("imports", "0003_created_by_thousands")]
    operations = [migrations.RunPython(forwards, backwards)]
