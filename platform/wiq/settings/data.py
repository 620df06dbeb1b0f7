"""Database, cache and files: everything that stores data, and how it separates districts."""

from typing import Any
from urllib.parse import unquote

from wiq.database import reset_connection
from wiq.database.patience import PatientConnection
from wiq.media.bucket_address import storage_for
from wiq.settings.environment import PRODUCTION, WIQ_STATE, env, fitting, number

__all__ = ["CACHES", "DATABASES", "DATABASE_ROUTERS", "MEDIA_ROOT", "MEDIA_URL", "REDIS_URL", "STORAGES",
           "WIQ_BACKUPS", "WIQ_LEDGER", "WIQ_LEDGER_DAYS", "WIQ_SCRATCH"]  # fmt: skip

DATABASES: dict[str, dict[str, Any]] = {
    "default": fitting(
        "DATABASE_URL",
        lambda: env.db_url("DATABASE_URL"),
        lambda found: "postgres" in found.get("ENGINE", "") and bool(found["NAME"]),
    )
}
DATABASES["default"] |= {
    # libpq writes the folder of a unix socket as %2Ffolder; django-environ does not decode that.
    "HOST": unquote(DATABASES["default"].get("HOST") or ""),
    "ENGINE": "wiq.database",
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,
}
# Only the web server sets WIQ_DB_POOL: a pool does not survive the fork of a Celery worker, and
# commands need one connection.
_options = DATABASES["default"].setdefault("OPTIONS", {})
# A server behind a broken network never says so: after a while the kernel gives it up.
# https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-PARAMKEYWORDS
_GIVE_UP = {
    "connect_timeout": 5,
    "keepalives_idle": 60,
    "keepalives_interval": 10,
    "tcp_user_timeout": 60_000,  # milliseconds
}
for _name, _value in _GIVE_UP.items():
    _options.setdefault(_name, _value)
_pool_size = int(number("WIQ_DB_POOL") or 0)
if _pool_size:
    _options["connect_timeout"] = 2
    _options["pool"] = {
        "connection_class": PatientConnection,
        "min_size": 1,
        "max_size": _pool_size,
        "max_lifetime": 600.0,
        # Visitors get an answer within two seconds, also while the database is away.
        "timeout": 1.0,
        # The pool gives up soon, so that the next request tries anew: otherwise it would itself
        # wait longer and longer, and notice minutes late that the database is back.
        "reconnect_timeout": 1.0,
        "reset": reset_connection,
    }

# A copy that is only read, for public pages (wiq.database.standby).
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
if env.str("WIQ_STANDBY_URL", default=""):
    _standby = fitting(
        "WIQ_STANDBY_URL",
        lambda: env.db_url("WIQ_STANDBY_URL"),
        lambda found: "postgres" in found.get("ENGINE", "") and bool(found["NAME"]),
    )
    DATABASES["standby"] = _standby | {
        "HOST": unquote(_standby.get("HOST") or ""),
        "ENGINE": "wiq.database",
        # A connection for each thread of web, instead of a pool: only public pages need it.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            "connect_timeout": 2,
            "keepalives_idle": 60,
            "keepalives_interval": 10,
            "tcp_user_timeout": 2_000,
            # Slower than this, the primary answers.
            "options": "-c statement_timeout=2000",
        },
    }
    DATABASE_ROUTERS.append("wiq.database.standby.Router")

REDIS_URL = fitting(
    "REDIS_URL",
    lambda: env.str("REDIS_URL"),
    lambda found: found.startswith(("redis://", "rediss://", "unix://")),
)
_REDIS: dict[str, Any] = {
    "BACKEND": "django_redis.cache.RedisCache",
    "LOCATION": REDIS_URL,
    "OPTIONS": {
        "SOCKET_CONNECT_TIMEOUT": 1,
        "SOCKET_TIMEOUT": 1,
        "CONNECTION_FACTORY": "wiq.valkey.ConnectionFactory",
        # Never pickles: who can write to Valkey could run code with them.
        "SERIALIZER": "wiq.valkey.Json",
        # Pages work without Valkey, because no data is stored in the cache alone.
        "IGNORE_EXCEPTIONS": True,
    },
}
CACHES = {
    "default": _REDIS
    | {
        "BACKEND": "wiq.valkey.Cache",
        "KEY_PREFIX": "wiq",
        # 1 held pickles. Neither version reads the other's while both run during an upgrade.
        "VERSION": 2,
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
    },
    # What is shared before the district is known, as plain text (wiq.page_cache.plain).
    "platform": _REDIS | {"KEY_PREFIX": "platform"},
}

# What was erased, kept apart from everything that a backup brings back (wiq.erasures.ledger).
WIQ_LEDGER = env.str("WIQ_LEDGER", default="") or str(WIQ_STATE / "ledger")
# Longer than any backup is kept.
WIQ_LEDGER_DAYS = int(number("WIQ_LEDGER_DAYS") or 400)
# Where a backup is unpacked while one district is restored from it (tenants.restoring.scratch).
WIQ_SCRATCH = env.str("WIQ_SCRATCH", default="") or str(WIQ_STATE / "restoring")
# Backups in the clear that the console may restore a district from; none without it.
WIQ_BACKUPS = env.str("WIQ_BACKUPS", default="")
MEDIA_ROOT = str(WIQ_STATE / "media")
MEDIA_URL = "/medien/"
# A compose file passes an unset variable on as an empty one.
_bucket = env.str("WIQ_MEDIA_URL", default="")
STORAGES = {
    "default": storage_for(_bucket) if _bucket else {"BACKEND": "wiq.media.folder.DistrictFolder"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
