"""Structured lines with job, date and shop on each; personal data masked before anything is written."""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from models.values import mask_email, mask_phone, mask_plate
from worker import lines
from worker.settings import settings

_PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][·•]?[A-Z0-9]{5,6}(?![A-Z0-9])")
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


def mask(text: str) -> str:
    """The same line without a person in it: phones, mail addresses, plates and identity numbers masked."""
    text = _ID_NUMBER.sub("******************", text)
    text = _PHONE.sub(lambda found: mask_phone(found.group()), text)
    text = _MAIL.sub(lambda found: mask_email(found.group()), text)
    return _PLATE.sub(lambda found: mask_plate(found.group()), text)


def _masked(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    return {name: mask(value) if isinstance(value, str) else value for name, value in line.items()}


def _from(level: int) -> Processor:
    def pass_on(_logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
        if structlog.processors.NAME_TO_LEVEL[method] < level:
            raise structlog.DropEvent
        return line

    return pass_on


def set_up(level: int = logging.INFO) -> None:
    """Send the process's log to standard error, as text or JSON."""
    shape: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings().log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _masked,
            lines.keep,
            _from(level),
            shape,
        ],
        # Below `level` nothing is printed; the lines of a started run are kept all the same.
        wrapper_class=structlog.make_filtering_bound_logger(min(level, logging.INFO)),
        # Asked for anew each time: who captures standard error must see the lines.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


class _PassOn(logging.Handler):
    """What a library says, as a line of ours: masked, and in our shape."""

    def emit(self, record: logging.LogRecord) -> None:
        """Of its words and its error, and nothing else that it carries."""
        bind(by=record.name).log(record.levelno, record.getMessage(), exc_info=record.exc_info)


def hear_libraries() -> None:
    """Let warnings and errors of libraries into the log: Celery and kombu are silent where nobody listens."""
    root = logging.getLogger()
    if not any(isinstance(each, _PassOn) for each in root.handlers):
        root.addHandler(_PassOn(logging.WARNING))


def bind(**names: str) -> FilteringBoundLogger:
    """A logger whose every line carries these names."""
    bound: FilteringBoundLogger = structlog.get_logger(**names)
    return bound
