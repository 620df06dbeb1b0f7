"""Mail and background work: SMTP, Celery, error reporting."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from kombu import Exchange, Queue

from wiq import reporting
from wiq.host_names import as_typed
from wiq.queues import PLACES
from wiq.queues import Queue as Purpose
from wiq.schedule import broker_url
from wiq.settings.data import REDIS_URL, WIQ_BACKUPS
from wiq.settings.environment import PRODUCTION, WIQ_DOMAIN, WIQ_ENV, env, fitting
from wiq.traces import tracing

__all__ = [
    "CELERY_ACCEPT_CONTENT",
    "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP",
    "CELERY_BROKER_TRANSPORT_OPTIONS",
    "CELERY_BROKER_URL",
    "CELERY_RESULT_SERIALIZER",
    "CELERY_TASK_ACKS_LATE",
    "CELERY_TASK_CREATE_MISSING_QUEUES",
    "CELERY_TASK_IGNORE_RESULT",
    "CELERY_TASK_PUBLISH_RETRY",
    "CELERY_TASK_QUEUES",
    "CELERY_TASK_SERIALIZER",
    "CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS",
    "CELERY_WORKER_CONCURRENCY",
    "CELERY_WORKER_ENABLE_PREFETCH_COUNT_REDUCTION",
    "CELERY_WORKER_HIJACK_ROOT_LOGGER",
    "CELERY_WORKER_PREFETCH_MULTIPLIER",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_BACKEND",
    "EMAIL_HOST",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_HOST_USER",
    "EMAIL_PORT",
    "EMAIL_TIMEOUT",
    "EMAIL_USE_LOCALTIME",
    "EMAIL_USE_SSL",
    "EMAIL_USE_TLS",
    "SERVER_EMAIL",
    "WIQ_ASK_HELPED_DAYS",
    "WIQ_INBOUND_AUTHSERV",
    "WIQ_INBOUND_TOKEN",
    "WIQ_INBOUND_URL",
    "WIQ_QUEUES_ELSEWHERE",
    "WIQ_REMINDER_DAYS",
    "WIQ_REPLY_DOMAIN",
]

IMAP = ("imap", "imap+ssl", "imap+tls")

_mail: dict[str, Any] = fitting(
    "EMAIL_URL", lambda: env.email_url("EMAIL_URL"), lambda found: bool(found["EMAIL_HOST"])
)
EMAIL_BACKEND = "wiq.mail.relay.Relay"
EMAIL_HOST = as_typed(_mail["EMAIL_HOST"])
EMAIL_PORT = _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
# Seconds for each step of the conversation with the mail server.
EMAIL_TIMEOUT = 10
_mail_domain = WIQ_DOMAIN if "." in WIQ_DOMAIN else "wiq.example"
# A compose file passes an unset variable on as an empty one.
_sender = env.str("WIQ_MAIL_FROM", default="") or f"Wir im Quartier <post@{_mail_domain}>"
_local, _, _host = _sender.rpartition("@")
DEFAULT_FROM_EMAIL = f"{_local}@{as_typed(_host.rstrip('>'))}{'>' * _host.endswith('>')}"
EMAIL_USE_LOCALTIME = True
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Where answers and returned mails go to, and how they come in (docs/howto/mail.md).
WIQ_REPLY_DOMAIN = as_typed(env.str("WIQ_REPLY_DOMAIN", default="") or WIQ_DOMAIN)
WIQ_INBOUND_TOKEN = env.str("WIQ_INBOUND_TOKEN", default="")
if PRODUCTION and WIQ_INBOUND_TOKEN and len(WIQ_INBOUND_TOKEN) < 32:
    raise ImproperlyConfigured("WIQ_INBOUND_TOKEN is shorter than 32 characters.")
# The name under which our own receiving server says who really sent a mail (RFC 8601).
WIQ_INBOUND_AUTHSERV = env.str("WIQ_INBOUND_AUTHSERV", default="")
WIQ_INBOUND_URL = fitting(
    "WIQ_INBOUND_URL",
    lambda: str(env.str("WIQ_INBOUND_URL", default="")),
    lambda found: not found or bool(urlsplit(found).scheme in IMAP and urlsplit(found).hostname),
)

# After how many days without an answer whoever has a request is reminded, then all of the
# coordination, then the project team; and how many days after an answer residents are asked.
WIQ_REMINDER_DAYS = fitting(
    "WIQ_REMINDER_DAYS",
    lambda: [int(one) for one in (env.str("WIQ_REMINDER_DAYS", default="") or "3,7,14").split(",")],
    lambda found: len(found) == 3 and 0 < found[0] < found[1] < found[2],
)
WIQ_ASK_HELPED_DAYS = fitting(
    "WIQ_ASK_HELPED_DAYS",
    lambda: int(env.str("WIQ_ASK_HELPED_DAYS", default="") or 5),
    lambda found: found > 0,
)

CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": "wiq-queue:",
    "visibility_timeout": 600,
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Nothing that runs when it is read, for whoever can write to Valkey.
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
# Visitors must not wait for a broker that is down: the sweep finds the mail later.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Each queue has its own places (wiq.worker_places), and a thread waits for each of them.
# A routing key of its own: with Celery's one key for all, each queue would get every task.
CELERY_TASK_QUEUES = [
    Queue(str(name), Exchange("celery", type="direct"), routing_key=str(name)) for name in PLACES
]
CELERY_WORKER_CONCURRENCY = sum(PLACES.values())
# What a worker without backups leaves to one that has them (docs/howto/restore.md).
WIQ_QUEUES_ELSEWHERE: set[Purpose] = set() if WIQ_BACKUPS else {Purpose.RESTORING}
CELERY_WORKER_ENABLE_PREFETCH_COUNT_REDUCTION = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False

_sentry_dsn = env.str("SENTRY_DSN", default="")
if _sentry_dsn:
    try:
        reporting.begin(_sentry_dsn, env.str("SENTRY_ENVIRONMENT", default="") or WIQ_ENV)
    except reporting.CannotReport as error:
        raise ImproperlyConfigured(str(error)) from None
if _objection := tracing.objection():
    raise ImproperlyConfigured(_objection)
