"""The key that signs seals and epochs: Ed25519, kept in a file and never in the database."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class NoKey(Exception):
    """The seals' key is not where it should be; its text is one line for the operator."""


@dataclass(frozen=True)
class PublicKey:
    """What verifies a signature; anybody may have it."""

    raw: bytes

    @property
    def fingerprint(self) -> str:
        """The first sixteen figures of its digest, for people to compare."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Whether the key's holder signed the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SealKey:
    """The private key."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


def public_path(path: Path) -> Path:
    """Where the public key lies: beside the private one."""
    return path.with_suffix(".pub")


def make_key(path: Path) -> SealKey:
    """Make the key, readable by this user alone, with its public half beside it. Raises FileExistsError."""
    key = Ed25519PrivateKey.generate()
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    public = key.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    for target, text in ((path, private), (public_path(path), public)):
        with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    return SealKey(key)


def read_key(path: Path) -> SealKey:
    """Read the private key. Raises NoKey when it is not there or is no Ed25519 key."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError) as error:
        raise NoKey(f"The seals' key {path} cannot be read. Put it back from the backup of the data folder.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey(f"{path} is no Ed25519 key. Put the seals' key back from the backup of the data folder.")
    return SealKey(key)


def read_public_key(path: Path) -> PublicKey:
    """Read the public key beside the private key's path. Raises NoKey when it is not there or is none."""
    try:
        key = serialization.load_pem_public_key(public_path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise NoKey(f"The seals' public key {public_path(path)} cannot be read.") from error
    if not isinstance(key, Ed25519PublicKey):
        raise NoKey(f"{public_path(path)} is no Ed25519 key.")
    return PublicKey(key.public_bytes_raw())
