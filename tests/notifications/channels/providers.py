"""Local servers that speak the providers' protocols over HTTP, and misbehave on request."""

import hashlib
import hmac
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY_ID, SECRET = "LTAI5tKeyId", "the secret/of+the shop"


class Manner(StrEnum):
    """How a server treats the next requests."""

    GOOD = "good"
    SLOW = "slow"
    NOT_JSON = "not json"
    HANGS_UP = "hangs up without having taken it"
    TAKES_AND_HANGS_UP = "takes it and hangs up"
    TAKES_AND_RESETS = "takes it and resets the connection"
    TAKES_AND_FAILS = "takes it and answers 500"


@dataclass
class Provider:
    """What a server took, and how it answers."""

    manner: Manner = Manner.GOOD
    answer: tuple[int, dict[str, Any]] | None = None
    """Said instead of taking anything."""
    taken: list[dict[str, Any]] = field(default_factory=list)
    status: dict[str, tuple[int, str]] = field(default_factory=dict)
    """What an operator reported of a message, by OutId: SendStatus and ErrCode."""
    asked: list[dict[str, str]] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    """A slow server goes on when it is set."""

    def numbers(self) -> list[str]:
        return [each["OutId"] for each in self.taken]


Speak = Callable[[Provider, str, dict[str, str], dict[str, str], bytes], tuple[int, dict[str, Any]]]


def sms(
    provider: Provider, method: str, query: dict[str, str], headers: dict[str, str], body: bytes
) -> tuple[int, dict[str, Any]]:
    """Dysmsapi 2017-05-25: SendSms and QuerySendDetails, behind a signature that is checked."""
    if not _is_signed(method, query, headers, body):
        return 400, {"Code": "SignatureDoesNotMatch", "Message": "Specified signature does not match."}
    if headers["x-acs-action"] == "QuerySendDetails":
        provider.asked.append(query)
        return 200, {
            "Code": "OK",
            "Message": "OK",
            "SmsSendDetailDTOs": {"SmsSendDetailDTO": _details(provider, query)},
        }
    provider.taken.append(query | {"variables": json.loads(query["TemplateParam"])})
    return 200, {"Code": "OK", "Message": "OK", "BizId": f"9006197469364984{len(provider.taken):02}^0"}


def _details(provider: Provider, query: dict[str, str]) -> list[dict[str, Any]]:
    found = [each for each in provider.taken if each["PhoneNumbers"] == query["PhoneNumber"]]
    return [
        {
            "OutId": each["OutId"],
            "PhoneNum": each["PhoneNumbers"],
            "SendStatus": provider.status.get(each["OutId"], (1, ""))[0],
            "ErrCode": provider.status.get(each["OutId"], (1, ""))[1],
        }
        for each in found
    ]


def _is_signed(method: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> bool:
    """Check ACS3-HMAC-SHA256 the way the provider's page says, from what arrived."""
    scheme, _, rest = headers["authorization"].partition(" ")
    said = dict(part.split("=", 1) for part in rest.split(","))
    names = said["SignedHeaders"].split(";")
    needed = {"host", *(name for name in headers if name.startswith("x-acs-"))}
    digest = hashlib.sha256(body).hexdigest()
    canonical = "\n".join(
        [
            method,
            "/",
            _canonical(query),
            *(f"{name}:{headers[name]}" for name in names),
            "",
            ";".join(names),
            digest,
        ]
    )
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(SECRET.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return (
        scheme == "ACS3-HMAC-SHA256"
        and said["Credential"] == KEY_ID
        and set(names) >= needed
        and headers["x-acs-content-sha256"] == digest
        and hmac.compare_digest(signature, said["Signature"])
    )


def _canonical(query: dict[str, str]) -> str:
    plain = set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")

    def escaped(text: str) -> str:
        return "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in text.encode())

    return "&".join(f"{escaped(name)}={escaped(query[name])}" for name in sorted(query))


def wecom(
    provider: Provider, method: str, query: dict[str, str], headers: dict[str, str], body: bytes
) -> tuple[int, dict[str, Any]]:
    """The webhook of a group robot."""
    if query.get("key") != "robot-key":
        return 200, {"errcode": 93000, "errmsg": "invalid webhook url"}
    message = json.loads(body)
    content = message["markdown"]["content"]
    if len(content.encode()) > 4096:
        return 200, {"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"}
    provider.taken.append({"OutId": content, "content": content})
    return 200, {"errcode": 0, "errmsg": "ok"}


@contextmanager
def serving(provider: Provider, speak: Speak) -> Iterator[str]:
    """Give host and port of a running server."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            _treat(self, provider, lambda: speak(provider, "POST", query, headers, body))

        def log_message(self, *_: object) -> None:  # says nothing
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            provider.hold.set()
            server.shutdown()
            thread.join()


def _treat(
    handler: BaseHTTPRequestHandler, provider: Provider, take: Callable[[], tuple[int, dict[str, Any]]]
) -> None:
    handler.close_connection = True
    manner = provider.manner
    if manner is Manner.HANGS_UP:
        return
    if manner is Manner.SLOW:
        provider.hold.wait(5)
        return
    status, document = provider.answer or take()
    if manner is Manner.TAKES_AND_HANGS_UP:
        return
    if manner is Manner.TAKES_AND_RESETS:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
        return
    if manner is Manner.TAKES_AND_FAILS:
        status, document = 500, {}
    content = b"<html>gateway</html>" if manner is Manner.NOT_JSON else json.dumps(document).encode()
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)
