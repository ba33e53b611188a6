from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("city", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="boundary",
            name="provisional",
            field=models.BooleanField(default=False),
        ),
    ]
