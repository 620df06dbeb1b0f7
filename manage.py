#!/usr/bin/env python
"""Django's commands, where the environment already names the servers; else use run.py manage."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wiq.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as unfit:
        sys.exit(f"manage.py: {unfit}")
