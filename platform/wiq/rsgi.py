"""The application that granian serves: the platform, with bodies awaited before it."""

import signal

from wiq.confinement import keep_to_oneself
from wiq.database.standing import public_fits
from wiq.serving.front import Front
from wiq.serving.server import CLOSE, LEAVE
from wiq.wsgi import application as platform
from wiq.wsgi import memory

keep_to_oneself()
application = Front(platform, memory, public_fits)
signal.signal(CLOSE, application.close_connections)
signal.signal(LEAVE, application.leave)
