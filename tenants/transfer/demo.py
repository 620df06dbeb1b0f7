"""The demo of run.py: two districts, and accounts to try them."""

from contextlib import nullcontext

from django_tenants.utils import tenant_context

from tenants.districts import moves
from tenants.districts.models import District
from tenants.kit import services as kit
from tenants.transfer.services import SEEDS, import_district
from wiq import examples
from wiq.accounts import services as accounts
from wiq.accounts.models import User
from wiq.accounts.roles import Role

DISTRICTS = ("leipziger-westen", "leipziger-osten")
FIRST_HOST = "leipziger-westen.wiq.example"
# Host (None: the platform), address, role.
ACCOUNTS = (
    (None, "projektteam@wiq.example", Role.PROJECT_TEAM),
    ("leipziger-westen", f"koordination@{FIRST_HOST}", Role.COORDINATOR),
    ("leipziger-westen", f"redaktion@{FIRST_HOST}", Role.EDITOR),
)


def import_missing() -> list[District]:
    """Import and publish the missing demo districts."""
    known = set(District.objects.values_list("slug", flat=True))
    made = []
    for slug in DISTRICTS:
        if slug not in known:
            district = import_district(SEEDS / slug)
            kit.apply_texts(district, actor="demo")
            with tenant_context(district):
                examples.make(slug)
            made.append(moves.publish_on_the_operators_word(district, actor="demo"))
    return made


def set_up_accounts(password: str) -> None:
    """Create the missing demo accounts and give all of them this password."""
    for slug, email, role in ACCOUNTS:
        district = District.objects.get(slug=slug) if slug else None
        if district is not None and district.is_behind:
            continue
        with tenant_context(district) if district else nullcontext():
            user = User.objects.filter(email=email).first()
            if user is None:
                accounts.create_account(email=email, role=role, password=password)
            else:
                accounts.set_password(user, password, actor="demo")
