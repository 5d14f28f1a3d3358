"""Where tests kill this process: FAULT_AT=point or FAULT_AT=point:n ends it by SIGKILL at the n-th pass.

Without the variable, which nobody sets in earnest, a point costs one comparison.
"""

import os
import signal

_point, _, _count = os.environ.get("FAULT_AT", "").partition(":")
_passes = int(_count or 1) if _point else 0


def point(name: str) -> None:
    """A named step of what must survive a crash (reliability 3.5)."""
    global _passes  # noqa: PLW0603 - counts the passes of this process
    if _point != name:
        return
    _passes -= 1
    if _passes == 0:
        os.kill(os.getpid(), signal.SIGKILL)
