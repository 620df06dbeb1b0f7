"""The stack that run.py starts: PostgreSQL, Valkey, a mail catcher, web, worker and beat."""
