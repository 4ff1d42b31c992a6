from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0003_created_by_thousands"),
    ]

    operations = [
        migrations.AlterField(
            model_name="book",
            name="kind",
            field=models.CharField(blank=True, max_length=100),
        ),
    ]
