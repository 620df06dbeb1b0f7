from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    # Here and in no district's schema: an extension belongs to the whole database.
    dependencies = [("districts", "0002_legal_pages_and_retention")]
    operations = [TrigramExtension()]
