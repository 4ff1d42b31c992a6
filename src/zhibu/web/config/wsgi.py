"""The WSGI application (granian serves it: `zhibu serve`)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.settings")
application = get_wsgi_application()
