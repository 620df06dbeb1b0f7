"""How many mails a mailbox gets because somebody typed its address: one count for the platform.

Anybody can type anybody's address, here or in the next district. A mailbox is known by an HMAC, and
counted by a function of the owner: districts can call it and read nothing, so none learns what
another wrote. Times are the database's.
"""

import re
import unicodedata
from contextlib import suppress
from enum import StrEnum

from django.db import connection as database
from django.utils.crypto import salted_hmac

from wiq.database import as_owner
from wiq.mail_addresses import for_sending, parts


class Budget(StrEnum):
    """Why a mail is written; each has a count of its own."""

    CONFIRMATION = "confirmation"  # a form was sent with this address
    CODE = "code"  # somebody wants to sign in, or to act with a code


# Mails in an hour and in a day, the same for every mailbox: what a page says about a mail that was
# not sent must not tell strangers whether an address is known here.
CONFIRMATIONS = (1, 2)
CODES = (10, 30)
NAME = "wiq_spend_mail"
# The two names of one provider's mailboxes, in which dots make no difference.
GOOGLE = ("gmail.com", "googlemail.com")
_QUOTED = re.compile(r"\\(.)")

# The row is locked before it is counted: of many at once, no more than the budget get through.
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION public.{NAME}(mailbox text, purpose text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    hourly int := {CONFIRMATIONS[0]};
    daily int := {CONFIRMATIONS[1]};
    recent timestamptz[];
BEGIN
    IF mailbox !~ '^[0-9a-f]{{64}}$' OR purpose NOT IN ('confirmation', 'code') THEN
        RAISE EXCEPTION 'no mailbox or no purpose';
    END IF;
    IF purpose = 'code' THEN
        hourly := {CODES[0]}; daily := {CODES[1]};
    END IF;
    INSERT INTO public.outbox_mailbox (key, sent) VALUES (mailbox, '{{}}') ON CONFLICT DO NOTHING;
    SELECT sent INTO recent FROM public.outbox_mailbox WHERE key = mailbox FOR UPDATE;
    -- What is later than now was written by a clock that ran ahead.
    recent := ARRAY(SELECT at FROM unnest(recent) AS at
                    WHERE at > now() - interval '1 day' AND at <= now());
    IF cardinality(recent) >= daily OR hourly <= (
        SELECT count(*) FROM unnest(recent) AS at WHERE at > now() - interval '1 hour'
    ) THEN
        RETURN false;
    END IF;
    UPDATE public.outbox_mailbox SET sent = recent || now() WHERE key = mailbox;
    RETURN true;
END $function$"""  # noqa: S608 (our own words)


def install(*roles: str) -> None:
    """Create or update the function, for these roles to call. Owner only."""
    with as_owner(), database.cursor() as cursor:
        cursor.execute(_FUNCTION)
        cursor.execute(f"REVOKE ALL ON FUNCTION public.{NAME}(text, text) FROM PUBLIC")
        names = ", ".join(roles)
        cursor.execute(f"GRANT EXECUTE ON FUNCTION public.{NAME}(text, text) TO {names}")


def mailbox_key(address: str, budget: Budget) -> str:
    """Return the word under which a mailbox is counted: the same for all its ``+tags``.

    And for all that servers make of one: quoted or not (RFC 5321, 4.1.2), at Google with dots or
    without (https://support.google.com/mail/answer/7436150).
    """
    local, domain = parts(unicodedata.normalize("NFC", address.strip()))
    with suppress(UnicodeError):  # none that a mail could reach
        domain = parts(for_sending(f"{local}@{domain}"))[1]
    domain = domain.lower()
    if local.startswith('"'):
        local = _QUOTED.sub(r"\1", local.strip('"'))
    local = local.partition("+")[0]
    if domain in GOOGLE:
        local, domain = local.replace(".", ""), GOOGLE[0]
    mailbox = f"{budget}:{local}@{domain}".lower()
    return salted_hmac("wiq.outbox.budget", mailbox, algorithm="sha256").hexdigest()


def spend(address: str, budget: Budget) -> bool:
    """Count a mail to an address, in the caller's transaction; tell whether it may be sent."""
    with database.cursor() as cursor:
        cursor.execute(f"SELECT public.{NAME}(%s, %s)", [mailbox_key(address, budget), budget])
        return bool(cursor.fetchone()[0])


def forget_old() -> int:
    """Delete what counts no more, each night on the platform; return how many mailboxes."""
    with database.cursor() as cursor:
        cursor.execute(
            "DELETE FROM outbox_mailbox WHERE NOT EXISTS"
            " (SELECT FROM unnest(sent) AS at WHERE at > now() - interval '1 day')"
        )
        return int(cursor.rowcount)
