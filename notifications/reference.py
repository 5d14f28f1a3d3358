"""What a message is called in every log: its own and the provider's."""

import hashlib
from datetime import datetime


def reference(notice_id: int, occasion: str, written_at: datetime, attempt: int = 1) -> str:
    """From the notice alone, so that a mail has the same Message-ID each time; attempts of an SMS differ.

    Where a provider is asked by this name, an attempt that failed must not answer for the next one.
    """
    seed = f"{notice_id}|{occasion}|{written_at.isoformat()}"
    name = f"notice-{notice_id}-{hashlib.sha256(seed.encode()).hexdigest()[:12]}"
    return name if attempt == 1 else f"{name}.{attempt}"
