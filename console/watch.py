"""`huikuan metrics` and `huikuan watch`: what a monitoring system asks, once or over HTTP.

`/metrics` is Prometheus' text; `/health/live` says that this process answers; `/health/ready` says whether
a night can run (503 and the reasons where it can't). What else the doctor finds is for people to mend.
"""

import json
from collections.abc import Callable, Iterable
from typing import Annotated, Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import typer

from console import doctor
from console.output import remark, say
from models.values import Refusal

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
_JSON = [("Content-Type", "application/json; charset=utf-8")]


def metrics() -> None:
    """Print what can be measured, in Prometheus' text."""
    from prometheus_client import generate_latest

    from console.measures import registry

    say(generate_latest(registry()).decode().rstrip("\n"))


def watch(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Where to listen; 0 = any.")] = 9464,
    address: Annotated[str, typer.Option("--address", help="On which address.")] = "127.0.0.1",
) -> None:
    """Answer /metrics, /health/live and /health/ready over HTTP until Ctrl-C."""
    try:
        server = make_server(address, port, application(), handler_class=_Quiet)
    except OSError as error:
        raise Refusal(
            f"Nothing can listen on {address}:{port} ({error}). Choose another: huikuan watch --port N"
        ) from None
    with server:
        remark(f"Watching on http://{address}:{server.server_port}/metrics. Stop with Ctrl-C.")
        server.serve_forever()


def application() -> Application:
    """The three pages, as a WSGI application."""
    from prometheus_client import make_wsgi_app

    from console.measures import registry

    scraped = make_wsgi_app(registry())

    def answer(environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            pages: Iterable[bytes] = scraped(environ, start)
            return pages
        if path == "/health/live":
            return _say(start, "200 OK", {"live": True})
        if path == "/health/ready":
            found = doctor.examine(doctor.READY)
            return _say(start, "200 OK" if found["well"] else "503 Service Unavailable", found)
        return _say(start, "404 Not Found", {"pages": ["/metrics", "/health/live", "/health/ready"]})

    return answer


def _say(start: StartResponse, status: str, document: dict[str, Any]) -> list[bytes]:
    start(status, _JSON)
    return [json.dumps(document, ensure_ascii=False, default=str).encode()]


class _Quiet(WSGIRequestHandler):
    """A scrape each few seconds is no news."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""
