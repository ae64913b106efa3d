"""Transactions, exactly once: planned, signed and stored, and only then sent, the same bytes each time.

Anybody may call any of these at any time, as often as they like and from several processes at once:
each change is a compare-and-set, and what happened is decided by the solid chain alone
(`domain.settlement`). A process that dies anywhere leaves either nothing that was ever sent, or a row from
which the next one goes on with the same bytes.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from energy.domain import settlement
from energy.domain.settlement import Facts, State, Step
from energy.models import ChainTransaction, Wallet
from integrations import tron

SENT = (State.SIGNED, State.SENT)
log = logging.getLogger(__name__)


def plan_transaction(
    contract: tron.Contract, *, wallet: Wallet, key: str, at: datetime
) -> ChainTransaction:
    """The intent. The same key again is the same intent; another one has to wait for the wallet's first.

    Raises Refused.
    """
    if contract.owner != wallet.address:
        raise Refused(_("The transaction is not of this wallet."))
    try:
        with transaction.atomic():
            row, _made = ChainTransaction.objects.get_or_create(
                key=key,
                defaults={
                    "wallet": wallet,
                    "contract": contract.name,
                    "value": contract.value,
                    "sun": getattr(contract, "amount_sun", 0),
                    "permission_id": settings.TRON_PERMISSION_ID,
                    "planned_at": at,
                },
            )
    except IntegrityError:
        raise Refused(_("Another transaction of this wallet is not settled yet.")) from None
    if (row.contract, row.value) != (contract.name, contract.value):
        raise Refused(_("Under this key another transaction was planned."))
    return row


def give_up(contract: tron.Contract, *, wallet: Wallet, key: str, at: datetime) -> ChainTransaction:
    """What became of a key whose planner died: if it planned nothing, nothing is ever done under it."""
    row, _made = ChainTransaction.objects.get_or_create(
        key=key,
        defaults={
            "wallet": wallet,
            "contract": contract.name,
            "value": contract.value,
            "permission_id": settings.TRON_PERMISSION_ID,
            "planned_at": at,
            "settled_at": at,
            "state": State.DEAD,
        },
    )
    return row


def settle_open(*, at: datetime, node: tron.Node | None = None) -> int:
    """Take each that is open as far as it goes now; how many are over. Mostly nothing is."""
    rows = list(ChainTransaction.objects.open().order_by("pk"))
    if not rows:
        return 0
    node = node or tron.first_node()
    return sum(settle(row, node=node, at=at) for row in rows)


def settle(
    row: ChainTransaction,
    *,
    node: tron.Node,
    at: datetime,
    lifetime: timedelta = tron.LIFETIME,
) -> bool:
    """Whether it is over. A node or signer that does not answer leaves it as it is, with the reason."""
    try:
        if row.state == State.PLANNED:
            _sign(row, node, at, lifetime)
            row.refresh_from_db()
        if row.state in SENT:
            _follow(row, node, at)
    except (tron.NodeError, tron.SignerUnreachable) as error:
        _note(row, error)
    row.refresh_from_db()
    return row.state not in settlement.OPEN


def _sign(row: ChainTransaction, node: tron.Node, at: datetime, lifetime: timedelta) -> None:
    if settlement.is_abandoned(row.planned_at, now=at):
        _end(row, State.PLANNED, to=State.DEAD, settled_at=at)
        return
    contract = tron.CONTRACTS[row.contract].read(row.value)
    try:
        unsigned = tron.build(
            contract, node=node, permission_id=row.permission_id, lifetime=lifetime
        )
        signed = tron.sign(unsigned)
    except (tron.Tampered, tron.SignerRefused) as error:
        log.warning("transaction %s is not signed: %s", row.key, error)
        _end(row, State.PLANNED, to=State.DEAD, settled_at=at, error=str(error)[:300])
        return
    # Who loses here throws its signature away: what is not stored was never sent by anybody.
    ChainTransaction.objects.move(
        row, State.PLANNED, to=State.SIGNED, txid=signed.txid, stored=signed.stored,
        expires_at=unsigned.expires_at, signed_at=at, error="",
    )  # fmt: skip


def _follow(row: ChainTransaction, node: tron.Node, at: datetime) -> None:
    if row.stored is None or row.expires_at is None:
        return  # no row of this state is so: a constraint of the table
    signed, (facts, receipt) = tron.Signed.read(row.stored), _look(row, node)
    step = settlement.next_step(row.expires_at, facts)
    if step is Step.SEND:
        _send(row, node.broadcast(signed), at)
    elif step is not Step.WAIT:
        found = {"block": receipt.block, "fee_sun": receipt.fee_sun} if receipt else {}
        error = receipt.message[:300] if receipt and not receipt.ok else row.error
        _end(row, *SENT, to=State(step.value), settled_at=at, error=error, **found)


def _look(row: ChainTransaction, node: tron.Node) -> tuple[Facts, tron.Receipt | None]:
    """The solid head before the solid receipt: a block that comes between them hides nothing."""
    txid = row.txid or ""
    solid_at = node.solid_head().at
    solid = node.receipt(txid)
    head_at = node.head().at
    head = node.receipt(txid, solid=False)
    return Facts(solid_at, head_at, _said(solid), _said(head)), solid


def _said(receipt: tron.Receipt | None) -> settlement.Receipt | None:
    if receipt is None:
        return None
    return settlement.Receipt.SUCCEEDED if receipt.ok else settlement.Receipt.FAILED


def _send(row: ChainTransaction, sent: tron.Sent, at: datetime) -> None:
    """A refusal is noted and decides nothing: "duplicate" is said also of what a fork has lost."""
    if sent.accepted:
        ChainTransaction.objects.move(row, State.SIGNED, to=State.SENT, sent_at=at, error="")
    else:
        _note(row, f"{sent.code}: {sent.message}")


def _end(row: ChainTransaction, *before: State, to: State, **facts: object) -> None:
    if ChainTransaction.objects.move(row, *before, to=to, **facts):
        log.info("transaction %s (%s): %s", row.key, row.txid, to)


def _note(row: ChainTransaction, error: object) -> None:
    ChainTransaction.objects.filter(pk=row.pk).update(error=str(error)[:300])
