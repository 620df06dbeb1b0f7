"""The fixed choices that describe a team, a seat, a person and a consent."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TeamKind(models.TextChoices):
    """The kinds of teams in WiQ."""

    SUPPORT = "support", _("Unterstützungsteam")
    STEERING = "steering", _("Steuerungsteam")
    PROJECT = "project", _("Projektteam")
    CORE = "core", _("Kernteam")
    OUTREACH = "outreach", _("Team Öffentlichkeitsarbeit")


class Sector(models.TextChoices):
    """The sector of society that a person comes from."""

    POLITICS = "politics", _("Politik")
    ADMINISTRATION = "administration", _("Verwaltung")
    CIVIL_SOCIETY = "civil_society", _("Zivilgesellschaft")
    BUSINESS = "business", _("Wirtschaft")
    SCIENCE = "science", _("Wissenschaft")


class Bench(models.TextChoices):
    """The group that a seat is reserved for. Its holder's sector may differ."""

    POLITICS = "politics", _("Politik")
    ADMINISTRATION = "administration", _("Verwaltung")
    CIVIL_SOCIETY = "civil_society", _("Zivilgesellschaft / Quartiersrat")
    SUPPORT_TEAM = "support_team", _("Unterstützungsteam")


class SeatState(models.TextChoices):
    """Whether a seat is taken, and whether its holder is named."""

    NAMED = "named", _("besetzt")
    TAKEN = "taken", _("besetzt, hier nicht namentlich genannt")
    VACANT = "vacant", _("frei")


class ConsentScope(models.TextChoices):
    """What a person agrees to have shown."""

    PROFILE = "profile", _("Name, Teams und Texte")
    PORTRAIT = "portrait", _("Bild")
    SEARCH = "search", _("Name in Suchmaschinen")


class ConsentBasis(models.TextChoices):
    """The legal basis for showing a person."""

    DECLARATION = "declaration", _("Einwilligung der Person")
    PUBLISHED_SOURCE = "published_source", _("steht schon öffentlich auf einer anderen Seite")


class ConsentChannel(models.TextChoices):
    """How a person agreed."""

    WRITTEN = "written", _("schriftlich")
    EMAIL = "email", _("per E-Mail")
    SPOKEN = "spoken", _("mündlich")
