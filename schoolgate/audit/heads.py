"""The heads of the seals, written down outside the database: without them a cut tail cannot be found."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from django.core.mail import send_mail

from schoolgate.audit.seals import Seal


class UnreadableHeads(Exception):
    """The heads file is damaged; its text is one line for the operator."""


@dataclass(frozen=True)
class Head:
    """One line: a seal's number and epoch, its head and the signature of it."""

    n: int
    epoch: int
    head: bytes
    signature: bytes

    @classmethod
    def of(cls, seal: Seal) -> Self:
        return cls(seal.n, seal.epoch, seal.head, seal.signature)

    @classmethod
    def parse(cls, line: str) -> Self:
        n, epoch, head, signature = line.split()
        return cls(int(n), int(epoch), bytes.fromhex(head), bytes.fromhex(signature))

    def __str__(self) -> str:
        return f"{self.n} {self.epoch} {self.head.hex()} {self.signature.hex()}"


def read_heads(path: Path) -> list[Head]:
    """The heads in the order in which they were written; none when there is no file.

    Raises UnreadableHeads with the number of the line.
    """
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            found.append(Head.parse(line))
        except ValueError as error:
            raise UnreadableHeads(f"Line {number} of {path} is no head of a seal.") from error
    return found


def append_heads(path: Path, heads: list[Head]) -> None:
    """Add lines, flushed to the disk."""
    with open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w") as file:
        file.write("".join(f"{head}\n" for head in heads))
        file.flush()
        os.fsync(file.fileno())


def mail_head(head: Head, to: list[str]) -> None:
    """Send a head to those who keep it off this machine."""
    send_mail(
        "Schoolgate: head of the access log",
        f"Keep this line; schoolgate verify-log --heads FILE compares the log with it.\n\n{head}\n",
        None,
        to,
    )
