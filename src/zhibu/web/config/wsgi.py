"""The WSGI application (granian serves it: `zhibu serve`)."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.settings")
application = get_wsgi_application()
gc.freeze()  # what is loaded now stays: looking through it again and again took some 200 ms of somebody's click
