"""Declares the data of other people's sign-in apps, which can't declare it themselves."""

from wiq.declared import Leaves, others


class Session:
    leaves = Leaves.NEVER
    visitors_see = False
    plain = "expire_date"
    secrets = "session_key session_data"


class EmailAddress:
    leaves = Leaves.PERSONAL
    visitors_see = False
    plain = "user verified primary"
    personal = "email"


class EmailConfirmation:
    leaves = Leaves.NEVER
    visitors_see = False
    plain = "email_address created sent"
    secrets = "key"


class Authenticator:
    leaves = Leaves.NEVER
    visitors_see = False
    plain = "user type created_at last_used_at"
    secrets = "data"


class AuthToken:
    leaves = Leaves.NEVER
    visitors_see = False
    plain = "user created expiry"
    secrets = "digest token_key"


for label, data in {
    "sessions.session": Session,
    "account.emailaddress": EmailAddress,
    "account.emailconfirmation": EmailConfirmation,
    "mfa.authenticator": Authenticator,
    "knox.authtoken": AuthToken,
}.items():
    others.register((label, data))
