"""Django's settings, one file per subject. ``environment`` reads all environment variables."""

from wiq.settings.apps import *
from wiq.settings.backups import *
from wiq.settings.cells import *
from wiq.settings.data import *
from wiq.settings.environment import *
from wiq.settings.interface import *
from wiq.settings.logs import *
from wiq.settings.security import *
from wiq.settings.work import *
