import uuid

from django.db import migrations, models

import zhibu.web.core.sealed

TIGHT = {
    "row_key": models.UUIDField(default=uuid.uuid4, unique=True, editable=False),
    "id_sealed": zhibu.web.core.sealed.SealedField("公民身份号码", row="row_key", digest="id_digest"),
    "id_digest": models.CharField(max_length=64, unique=True, editable=False),
    "phone_sealed": zhibu.web.core.sealed.SealedField("手机号码", row="row_key", digest="phone_digest"),
    "phone_digest": models.CharField(blank=True, db_index=True, max_length=64, editable=False),
}


class Together(migrations.SeparateDatabaseAndState):
    """On SQLite each of these operations writes the whole table anew, in one transaction: here it is done once for all
    of them (and once for the dropped phone). At 400,000 members that was half of the whole upgrade."""

    def __init__(self, operations):
        super().__init__(database_operations=operations, state_operations=operations)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        before = from_state.apps.get_model(app_label, "member")
        after = to_state.apps.get_model(app_label, "member")
        schema_editor.remove_field(before, before._meta.get_field("phone"))
        slim = from_state.clone()
        slim.remove_field(app_label, "member", "phone")
        before = slim.apps.get_model(app_label, "member")
        schema_editor._remake_table(
            before,
            delete_field=before._meta.get_field("id_number"),
            alter_fields=[(before._meta.get_field(name), after._meta.get_field(name)) for name in TIGHT],
        )


class Migration(migrations.Migration):
    dependencies = [("members", "0003_seal")]
    operations = [
        Together(
            [
                migrations.RemoveField("member", "id_number"),
                migrations.RemoveField("member", "phone"),
                *(migrations.AlterField("member", name, field) for name, field in TIGHT.items()),
            ]
        )
    ]
