"""The WSGI application, served by granian (`chekhov web`)."""

from __future__ import annotations

import multiprocessing
import os
import signal

from django.core.wsgi import get_wsgi_application

from chekhov.db.embedded import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chekhov.config.settings")

if multiprocessing.parent_process() is not None:
    # A worker of the web server: if that is killed outright, nobody else would end this process.
    die_with_parent(signal.SIGTERM)

application = get_wsgi_application()
