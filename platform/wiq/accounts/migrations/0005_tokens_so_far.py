from django.db import migrations

# Tokens from before scopes were there go on for a year, with all of them.
TERM = "UPDATE knox_authtoken SET expiry = now() + interval '365 days' WHERE expiry IS NULL"
DESCRIBE = """
INSERT INTO accounts_apitoken (token_id, name, scopes)
SELECT digest, '', ARRAY['read', 'content', 'requests'] FROM knox_authtoken
WHERE digest NOT IN (SELECT token_id FROM accounts_apitoken)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_api_tokens'),
    ]

    operations = [
        migrations.RunSQL(TERM, migrations.RunSQL.noop),
        migrations.RunSQL(DESCRIBE, migrations.RunSQL.noop),
    ]
