"""Whose certificates are believed: those that this machine believes."""

import ssl
from functools import cache


@cache  # reading a machine's certificates takes longer than sending ten mails
def trust() -> ssl.SSLContext:
    """What a server must prove before anything is said to it: who it is, and that its certificate is good."""
    return ssl.create_default_context()
