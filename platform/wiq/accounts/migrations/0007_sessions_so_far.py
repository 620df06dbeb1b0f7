from django.db import migrations

# Whoever is signed in stays so. What stands in the old table is deleted in the night, when no older
# version runs any more. Seen six minutes ago: the next visit notes it, and whose session it is.
COPY = """
INSERT INTO accounts_session
    (session_key, session_data, expire_date, browser, created_at, last_seen_at)
SELECT encode(sha256(convert_to(session_key, 'UTF8')), 'hex'), session_data, expire_date, '',
    now(), now() - interval '6 minutes'
FROM django_session WHERE expire_date > now()
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_sessions'),
        ('sessions', '0001_initial'),
    ]

    operations = [migrations.RunSQL(COPY, migrations.RunSQL.noop)]
