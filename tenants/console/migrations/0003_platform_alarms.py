"""Lets an alarm be about the platform itself: without a district.

By hand, because Django would take the foreign key away and make it anew, which reads both tables.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0002_alarms_are_taken"),
        ("districts", "0014_failed_migrations"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE console_alarm ALTER COLUMN district_id DROP NOT NULL",
            "ALTER TABLE console_alarm ALTER COLUMN district_id SET NOT NULL",
            state_operations=[
                migrations.AlterField(
                    model_name="alarm",
                    name="district",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alarms",
                        to="districts.district",
                    ),
                ),
            ],
        ),
    ]
