"""System checks for what rooms have to declare: an error stops every command."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from celery import current_app
from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import models
from django.urls import NoReverseMatch, Resolver404, get_resolver, reverse
from django.urls.resolvers import URLResolver
from django.utils.module_loading import autodiscover_modules

from wiq.accounts.roles import Role
from wiq.checks import TABLES_OF_OTHERS
from wiq.declared import declared
from wiq.night import chores
from wiq.processing import activities, unnamed
from wiq.rooms import Host, MenuEntry, RoomConfig, Tables, public_menu, queue_of, rooms
from wiq.schedule import BEAT_SCHEDULE
from wiq.subjects import sources
from wiq.web.public_menu import questions

# What the two URLconfs add to the rooms' own.
GROUND = {"wiq.health", "the administration"}
URLCONFS = {Host.DISTRICT: settings.ROOT_URLCONF, Host.PLATFORM: settings.PUBLIC_SCHEMA_URLCONF}


def _ours() -> Iterator[Any]:
    """Return every model whose rows we write: those of the rooms and of the sign-in apps."""
    for config in apps.get_app_configs():
        others = TABLES_OF_OTHERS.get(config.label) == Tables.BOTH
        if isinstance(config, RoomConfig) or others:
            yield from config.get_models(include_auto_created=True)


@register("tenancy")
def check_data(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """An undeclared field would be exported with everything else."""
    messages: list[CheckMessage] = []
    for model in _ours():
        said = declared(model)
        if said is None:
            words = f"{model._meta.label} has no class Data (wiq.declared)."
            messages.append(Error(words, id="wiq.E010"))
            continue
        count = Counter(said.names())
        fields = {field.name for field in model._meta.concrete_fields if not field.primary_key}
        keys = {field.name for field in model._meta.concrete_fields if field.primary_key}
        wrong = [name for name in fields if count[name] != 1]
        wrong += [name for name in count if name not in fields | keys]
        messages += [
            Error(f"{model._meta.label}.{name} is not declared once in Data.", id="wiq.E011")
            for name in sorted(wrong)
        ]
    return messages


@register("tenancy")
def check_subjects(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A table with e-mail addresses must declare what is handed out and erased for an address."""
    spoken_for = {label for source in sources for label in source.models}
    return [
        Error(f"{model._meta.label} holds addresses; no subject.py speaks for it.", id="wiq.E012")
        for model in _ours()
        if any(isinstance(field, models.EmailField) for field in model._meta.concrete_fields)
        and apps.get_app_config(model._meta.app_label).name in settings.TENANT_APPS
        and model._meta.label_lower not in spoken_for
    ]


@register("tenancy")
def check_processing(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Personal data that no record of processing activities names would be held in secret."""
    spoken_for = Counter(label for activity in activities for label in activity.models)
    messages: list[CheckMessage] = [
        Error(
            f"{model._meta.label} holds personal data; {spoken_for[model._meta.label_lower]}"
            " activities of processing.py speak for it instead of one.",
            id="wiq.E021",
        )
        for model in _ours()
        if (said := declared(model)) is not None
        and said.personal
        and spoken_for[model._meta.label_lower] != 1
    ]
    known = {chore.name for chore in chores} | {plan["task"] for plan in BEAT_SCHEDULE.values()}
    for activity in activities:
        wrong = [one.eraser for one in activity.terms if one.eraser and one.eraser not in known]
        wrong += unnamed(activity)
        wrong += [one.what for one in activity.terms if one.lasts is None and not one.until]
        wrong += [] if activity.terms and activity.readers and activity.people else ["…"]
        messages += [
            Error(f"{activity.key}: {one} is no chore, term or named column.", id="wiq.E022")
            for one in wrong
        ]
    return messages


@register("tenancy")
def check_addresses(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """All addresses come from rooms, and every room's URLconf is included."""
    messages: list[CheckMessage] = []
    for host, urlconf in URLCONFS.items():
        lists = {found.module for room in rooms() for found in room.urls if found.host is host}
        messages += [
            Error(f"{name} stands in {urlconf} and no room declares it.", id="wiq.E013")
            for name in _included(get_resolver(urlconf).url_patterns)
            if name not in lists | GROUND
        ]
    everywhere = {found.module for room in rooms() for found in room.urls}
    messages += [
        Error(f"{name} is in no UrlList of its room.", id="wiq.E014")
        for room in rooms()
        for name in _url_modules(room)
        if name not in everywhere and room.name != "api"
    ]
    return messages


def _included(patterns: Sequence[Any]) -> Iterator[str]:
    """Return the names of the modules that a URLconf includes, and of its single patterns."""
    for pattern in patterns:
        if not isinstance(pattern, URLResolver):
            yield str(pattern.name or pattern.pattern)
        elif type(pattern.pattern).__name__ == "LocalePrefixPattern":
            yield from _included(pattern.url_patterns)
        elif pattern.app_name == "admin":
            yield "the administration"
        else:
            yield getattr(pattern.urlconf_module, "__name__", str(pattern.pattern))


def _url_modules(room: RoomConfig) -> list[str]:
    spec = find_spec(room.name)
    assert spec is not None
    found = iter_modules(spec.submodule_search_locations)
    return [f"{room.name}.{one.name}" for one in found if one.name.startswith("urls")]


@register("tenancy")
def check_menu(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Each entry of the menu links to a page and has its own place."""
    messages: list[CheckMessage] = []
    places: Counter[tuple[Host, int]] = Counter()
    for room in rooms():
        for entry in room.menu:
            places[entry.host, entry.place] += 1
            if not _leads_somewhere(entry):
                words = f"{room.label}: the menu's {entry.link} leads nowhere."
                messages.append(Error(words, id="wiq.E015"))
    messages += [
        Error(f"Two lines of the menu of {host.value} have the place {place}.", id="wiq.E016")
        for (host, place), count in places.items()
        if count > 1
    ]
    return messages


@register("tenancy")
def check_public_menu(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Each entry of the public menu is a page with its own place; questions are about entries."""
    entries = public_menu()
    places = Counter(entry.place for entry in entries)
    wrong = [one.page for one in entries if not _is_page(one.page) or places[one.place] > 1]
    pages = {entry.page for entry in entries}
    wrong += [one.page for one in questions if one.page not in pages]
    return [
        Error(f"The public menu: {page} is no page, or not the only one there.", id="wiq.E023")
        for page in wrong
    ]


def _is_page(name: str) -> bool:
    """Tell whether a district has a page of this name that needs no arguments."""
    try:
        return bool(reverse(name, urlconf=URLCONFS[Host.DISTRICT]))
    except NoReverseMatch:
        return False


def _leads_somewhere(entry: MenuEntry) -> bool:
    try:
        match = get_resolver(URLCONFS[entry.host]).resolve(entry.link)
    except Resolver404:
        return False
    # The administration's catch-all pattern, which answers 404, has no name.
    return match.url_name is not None


@register("tenancy")
def check_roles(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A permission that matches nothing is a typo."""
    messages: list[CheckMessage] = []
    for room in rooms():
        names = [
            f"{verb}_{model._meta.model_name}"
            for model in room.get_models()
            for verb in model._meta.default_permissions
        ]
        for role, patterns in room.roles.items():
            wrong = [one for one in patterns if not any(fnmatchcase(n, one) for n in names)]
            if role not in Role.values or wrong:
                words = f"{room.label}: {role} {', '.join(wrong)} is no role or permission."
                messages.append(Error(words, id="wiq.E017"))
    return messages


@register("tenancy")
def check_schedule(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every task belongs to a room, and the schedule only names tasks that exist."""
    autodiscover_modules("tasks")
    names = tuple(f"{room.name}." for room in rooms())
    ours = [name for name in current_app.tasks if not name.startswith("celery.")]
    stray = [name for name in ours if not name.startswith(names)]
    stray += [plan["task"] for plan in BEAT_SCHEDULE.values() if plan["task"] not in ours]
    messages = [Error(f"Task {name} is of no room.", id="wiq.E018") for name in stray]
    return [*messages, *_other_queues()]


def _other_queues() -> list[Error]:
    """Return the tasks that beat puts into another queue than their rooms declare."""
    return [
        Error(f"Task {plan['task']} belongs into {queue_of(plan['task'])}.", id="wiq.E020")
        for plan in BEAT_SCHEDULE.values()
        if plan["options"]["queue"] != queue_of(plan["task"])
    ]
