"""Whether a category stands, and how often a dispatch was corrected; matters of before count as sure and right."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0004_fewer_indexes")]

    operations = [
        migrations.AddField("matter", "category_sure", models.BooleanField(default=True)),
        migrations.AddField("matter", "redirected", models.PositiveSmallIntegerField(default=0)),
        migrations.AddIndex(
            "matter",
            models.Index(
                fields=["opened_at"],
                name="matter_unsure",
                condition=models.Q(category_sure=False, is_open=True),
            ),
        ),
    ]
