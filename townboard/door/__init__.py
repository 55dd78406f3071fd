"""The door: everything between a browser and the application, before Streamlit is reached.

`keeper` lets in or turns away, `guarding` holds the headers, `forms` the sign-in, `oidc` the identity provider, `page` what is shown.
"""

from starlette.middleware import Middleware

from townboard.door.forms import ROUTES as ROUTES
from townboard.door.keeper import Doorkeeper

MIDDLEWARE = [Middleware(Doorkeeper)]
