"""The one cipher of the process: set at start by whoever knows the keys, used by column types."""

import hashlib
import hmac

from cryptography.fernet import Fernet, MultiFernet

_keys: list[bytes] = []
_ciphers: list[MultiFernet] = []


def use_keys(keys: list[bytes]) -> None:
    """Take the keys, newest first: it encrypts, every one of them decrypts (rotation)."""
    ciphers = [Fernet(key) for key in keys]
    _keys[:] = keys
    _ciphers[:] = [MultiFernet(ciphers)] if ciphers else []


def _cipher() -> MultiFernet:
    if not _ciphers:
        raise RuntimeError("no key was set: call models.secrecy.use_keys at start")
    return _ciphers[0]


def encrypt(text: str) -> str:
    return _cipher().encrypt(text.encode()).decode("ascii")


def decrypt(token: str) -> str:
    return _cipher().decrypt(token.encode("ascii")).decode()


def fingerprint(text: str) -> str:
    """A keyed hash, to look an encrypted value up; from the oldest key, so that rotation keeps it."""
    if not _keys:
        raise RuntimeError("no key was set: call models.secrecy.use_keys at start")
    return _hashed(_keys[-1], text)


def next_fingerprint(text: str) -> str:
    """What the fingerprint will be once only the newest key is left."""
    return _hashed(_keys[0], text)


def key_count() -> int:
    return len(_keys)


def _hashed(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
