"""What goes wrong with the chain. None of these is ever a zero: who catches one knows nothing."""


class NodeError(Exception):
    """The node gave no answer that can be used."""


class NodeUnreachable(NodeError):
    """No answer at all. `maybe_arrived`: the request had left before it failed."""

    def __init__(self, text: str, *, maybe_arrived: bool) -> None:
        super().__init__(text)
        self.maybe_arrived = maybe_arrived


class NodeLimited(NodeError):
    """Asked too often: the node wants to be left alone for so many seconds."""

    def __init__(self, text: str, *, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class NodeNonsense(NodeError):
    """An answer that is an error, empty, incomplete, or about something else."""


class NodeStale(NodeNonsense):
    """The node's newest block is not of now: what it says may be long over."""


class Tampered(Exception):
    """A transaction is not the one that was asked for; it must not be signed."""


class SignerError(Exception):
    """There is no signature."""


class SignerUnreachable(SignerError):
    """The signer does not answer. It may have counted the amount, and gives the same signature again."""


class SignerRefused(SignerError):
    """The signer will not sign this; the text says why."""
