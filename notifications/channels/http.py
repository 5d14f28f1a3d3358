"""One HTTP call to a provider, and how far it came when it failed: nothing is sent twice on a guess."""

import http.client
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from models.values import Refusal
from notifications.channels import ChannelError
from notifications.channels.trust import trust

TIMEOUT_SECONDS = 15
_LONGEST_ANSWER = 1 << 16
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Answer(NamedTuple):
    """What a provider said; `document` is empty where it was no JSON object."""

    status: int
    document: Mapping[str, Any]


def check_url(url: str, variable: str, example: str) -> str:
    """The URL: encrypted, unless it stays on this machine. Raises Refusal without showing it."""
    parts = urlsplit(url)
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if parts.hostname and encrypted:
        return url
    raise Refusal(
        f"{variable} is not the address of a provider. Write {example} (a / ? # or @ inside a key as %2F %3F "
        "%23 %40)"
    )


def post(url: str, *, headers: Mapping[str, str], body: bytes = b"") -> Answer:
    """Make one call, following no redirect. ChannelError: uncertain once the request may have gone."""
    parts = urlsplit(url)
    line = _connect(parts.scheme, parts.hostname or "", parts.port)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        line.request("POST", path, body=body, headers=dict(headers))
        answer = line.getresponse()
        content = answer.read(_LONGEST_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        raise ChannelError(
            f"The provider broke off before it answered: {_say(error)}", uncertain=True, everywhere=True
        ) from error
    finally:
        line.close()
    return Answer(answer.status, _read(content))


def _connect(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    line = (
        http.client.HTTPSConnection(host, port, timeout=TIMEOUT_SECONDS, context=trust())
        if scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    )
    try:
        line.connect()
    except OSError as error:
        line.close()
        raise ChannelError(f"The provider cannot be reached: {_say(error)}", everywhere=True) from error
    return line


def _read(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _say(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
