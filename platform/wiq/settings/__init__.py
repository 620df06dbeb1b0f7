"""Django's settings, one file a subject. Every environment variable is read in ``environment``."""

from wiq.settings.apps import *
from wiq.settings.data import *
from wiq.settings.environment import *
from wiq.settings.interface import *
from wiq.settings.logs import *
from wiq.settings.security import *
from wiq.settings.work import *
