import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The table was made by the districts' room (0006_catalogue) and keeps its name.

    The row of its old content type stays, too: rights are patterns of roles and hang on none.
    """

    initial = True

    dependencies = [
        ('districts', '0011_catalogue_moves_out'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[
            migrations.CreateModel(
                name='SharedSolution',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slug', models.SlugField(max_length=80)),
                    ('name', models.CharField(max_length=150, verbose_name='Name')),
                    ('challenge', models.TextField(blank=True, verbose_name='Herausforderung')),
                    ('approach', models.TextField(blank=True, verbose_name='Lösungsansatz')),
                    ('topics', models.JSONField(default=list, verbose_name='Fokus')),
                    ('shared_at', models.DateTimeField(auto_now_add=True, verbose_name='geteilt am')),
                    ('district', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shared_solutions', to='districts.district')),
                ],
                options={
                    'verbose_name': 'Lösung zum Nachmachen',
                    'verbose_name_plural': 'Lösungen zum Nachmachen',
                    'db_table': 'districts_sharedsolution',
                    'ordering': ['name', 'pk'],
                    'constraints': [models.UniqueConstraint(fields=('district', 'slug'), name='shared_once')],
                },
            ),
        ]),
    ]
