"""Rank, size of the group and grade follow from the number of organisations at each total."""

from django.db import migrations, models
from django.db.models import Count


def count(apps, schema_editor):
    scores, ties = apps.get_model("assessment", "Score"), apps.get_model("assessment", "Tie")
    rows = scores.objects.order_by().values_list("year", "peer_group", "total").annotate(Count("pk"))
    ties.objects.bulk_create(
        [ties(year=year, peer_group=group, cents=round(total * 100), count=n) for year, group, total, n in rows],
        batch_size=2000,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("peer_group", models.CharField(blank=True, max_length=60)),
                ("cents", models.BigIntegerField()),
                ("count", models.IntegerField(default=0)),
            ],
            options={
                "verbose_name": "同分",
                "constraints": [
                    models.UniqueConstraint(fields=("year", "peer_group", "cents"), name="one_tie_per_total")
                ],
            },
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="score", name="assessment__year_978421_idx"),
        migrations.RemoveField(model_name="score", name="grade"),
        migrations.RemoveField(model_name="score", name="group_size"),
        migrations.RemoveField(model_name="score", name="rank"),
    ]
