"""The keys that personal data is encrypted with: made at first start where embedded, required elsewhere."""

from cryptography.fernet import Fernet

from models import secrecy
from models.values import Refusal
from worker.files import write_whole
from worker.settings import Settings


def use(settings: Settings) -> None:
    """Load the keys into the process. Raises Refusal where none are given outside the embedded default."""
    texts = settings.keys.get_secret_value().split() if settings.keys else _embedded(settings)
    try:
        secrecy.use_keys([text.encode() for text in texts])
    except ValueError:
        raise Refusal(
            "HUIKUAN_KEYS holds a key that is not a Fernet key (32 bytes, url-safe base64). "
            "Make one: huikuan doctor --new-key"
        ) from None


def _embedded(settings: Settings) -> list[str]:
    if not settings.embedded:
        raise Refusal(
            "HUIKUAN_KEYS is not set. Outside the embedded default the keys for personal data must be given: "
            "set HUIKUAN_KEYS, or put them in the secret file HUIKUAN_KEYS."
        )
    path = settings.home / "keys" / "data.keys"
    if not path.exists():
        write_whole(path, Fernet.generate_key() + b"\n", mode=0o600)
        path.parent.chmod(0o700)
    return path.read_text(encoding="ascii").split()
