from typing import Any

from django.db import migrations, models

FIELDS = (
    *("legal_name", "address", "representative", "email", "phone", "is_public_body"),
    *("register_entry", "vat_id", "news_editor", "data_protection_officer"),
)


def copy_whoever_runs_the_platform(apps: Any, schema_editor: Any) -> None:
    """Copy what the platform's legal pages have shown so far: the first that says it runs it."""
    shown = apps.get_model("districts", "Operator").objects.filter(runs_platform=True)
    first = shown.order_by("pk").values(*FIELDS).first()
    if first is not None:
        apps.get_model("districts", "PlatformOperator").objects.create(number=1, **first)


class Migration(migrations.Migration):
    """The platform's Träger is a row of its own; an older version goes on reading the district's."""

    dependencies = [
        ("districts", "0014_failed_migrations"),
    ]

    operations = [
        migrations.AlterField(
            model_name="operator",
            name="runs_platform",
            field=models.BooleanField(default=False, help_text="Dann braucht sein Quartier keinen Vertrag zur Auftragsverarbeitung. Was im Impressum der Plattform steht, tragen Sie unter „Träger der Plattform“ ein.", verbose_name="betreibt die Plattform selbst"),
        ),
        migrations.CreateModel(
            name="PlatformOperator",
            fields=[
                ("legal_name", models.CharField(max_length=200, verbose_name="Name")),
                ("address", models.TextField(blank=True, verbose_name="Anschrift")),
                ("representative", models.CharField(blank=True, max_length=200, verbose_name="Vertreten durch")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-Mail-Adresse")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telefon")),
                ("is_public_body", models.BooleanField(default=False, verbose_name="öffentliche Stelle")),
                ("register_entry", models.CharField(blank=True, help_text="Zum Beispiel: Amtsgericht Leipzig, VR 1234. Leer, wo es keinen gibt.", max_length=200, verbose_name="Registereintrag")),
                ("vat_id", models.CharField(blank=True, max_length=20, verbose_name="Umsatzsteuer-Identifikationsnummer")),
                ("news_editor", models.TextField(blank=True, help_text="Name und Anschrift einer Person (§ 18 Abs. 2 MStV).", verbose_name="verantwortlich für Neuigkeiten")),
                ("data_protection_officer", models.TextField(blank=True, help_text="Name oder Funktion, und wie man sie erreicht. Leer, wo es keine gibt.", verbose_name="Datenschutzbeauftragte Person")),
                ("number", models.PositiveSmallIntegerField(editable=False, primary_key=True, serialize=False)),
            ],
            options={
                "verbose_name": "Träger der Plattform",
                "verbose_name_plural": "Träger der Plattform",
                "constraints": [models.CheckConstraint(condition=models.Q(("number", 1)), name="one_platform_operator")],
            },
        ),
        migrations.RunPython(copy_whoever_runs_the_platform, migrations.RunPython.noop),
    ]
