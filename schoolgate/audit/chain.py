"""Compares epochs, seals and heads with one another and with the key."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from schoolgate.audit.heads import Head
from schoolgate.audit.report import Report
from schoolgate.audit.sealing import FIRST
from schoolgate.audit.seals import END, Epoch, Seal
from schoolgate.audit.signing import PublicKey, read_key


def check_key(report: Report, public: PublicKey, path: Path) -> None:
    """The private key, where it is on this machine, must be the public key's."""
    if path.exists() and read_key(path).public != public:
        report.wrong.append("The key that seals is not the one whose public half lies beside it: it was replaced.")


def check_epochs(report: Report, known: list[Epoch], cluster: str, public: PublicKey) -> None:
    """Every epoch but the first was declared by the keyholder, and the last began in this very database."""
    for epoch in known[1:]:
        if not public.signed(epoch.statement, epoch.signature or b""):
            report.wrong.append(f"Epoch {epoch.epoch} was not declared by the holder of the seals' key.")
        report.noted.append(f"Epoch {epoch.epoch} began on {epoch.raised_at.date()}: {epoch.reason}.")
    if known[-1].cluster != cluster:
        report.wrong.append("This database is a copy or a restore of the log's own, and nobody declared it.")


class Chain:
    """Is given every seal in order; tells at the end what the heads kept outside miss."""

    def __init__(self, report: Report, public: PublicKey, heads: list[Head]) -> None:
        self.report = report
        self.public = public
        self.last: Seal | None = None
        self._has_heads = bool(heads)
        self._confirmed: dict[int, int] = defaultdict(int)  # epoch: its last confirmed seal but the closing one
        self._heads: dict[int, list[Head]] = defaultdict(list)
        for head in heads:
            self._heads[head.n].append(head)

    def add(self, seal: Seal) -> None:
        """Compare a seal with the one before, with its own digest, signature and head."""
        self.report.seals += 1
        self.report.wrong += [f"Seal {seal.n}: {trouble}" for trouble in self._troubles(seal)]
        for head in [head for head in self._heads[seal.n] if head.head == seal.head]:
            self._confirmed[seal.epoch] = seal.n if seal.to_xid < END else self._confirmed[seal.epoch]
            self._heads[seal.n].remove(head)
        self.last = seal

    def _troubles(self, seal: Seal) -> Iterator[str]:
        expected = self.last.n + 1 if self.last else 1
        if seal.n != expected:
            yield f"the seals from {expected} to {seal.n - 1} are missing."
        elif seal.previous != (self.last.head if self.last else FIRST):
            yield "it does not hold the head of the seal before."
        elif seal.from_xid != self._begin(seal.epoch):
            yield "it does not begin where the seal before ends."
        if seal.head != seal.expected_head():
            yield "it was changed."
        elif not self.public.signed(seal.head, seal.signature):
            yield f"it was not signed with the key {self.public.fingerprint}."

    def _begin(self, epoch: int) -> int:
        return self.last.to_xid if self.last and self.last.epoch == epoch else 0

    def tell(self, last_epoch: int) -> None:
        """Say which heads kept outside are not in the database: lost at a declared restore, or cut off."""
        if self.last and not self._has_heads:
            self.report.wrong.append("No heads are kept outside the database: a cut tail could not be found.")
        lost = sorted((h for heads in self._heads.values() for h in heads), key=lambda h: h.n)
        forged = [head for head in lost if not self.public.signed(head.head, head.signature)]
        self.report.wrong += [f"Head {head.n} outside is not signed with the key of the seals." for head in forged]
        for epoch in sorted({head.epoch for head in lost}):
            numbers = [head.n for head in lost if head.epoch == epoch and head not in forged]
            if numbers:
                self._tell_of_lost(epoch, numbers, last_epoch)

    def _tell_of_lost(self, epoch: int, numbers: list[int], last_epoch: int) -> None:
        span = f"Seals {numbers[0]} to {numbers[-1]} of epoch {epoch} are known outside, but not in the database"
        if epoch < last_epoch and numbers[0] > self._confirmed[epoch]:
            self.report.noted.append(f"{span}: lost at the restore that epoch {epoch + 1} declares.")
        else:
            self.report.wrong.append(f"{span}: the end was cut off, or an older copy passed off as the original.")


def read_seals(connection: Connection[Any]) -> Iterator[Seal]:
    """Every seal in order, a few at a time."""
    with connection.cursor("seals", row_factory=class_row(Seal)) as cursor:
        yield from cursor.execute("select * from audit_seal order by n")
