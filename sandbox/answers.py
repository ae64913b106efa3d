"""How an HTTP party takes a message in, or does not."""

from collections.abc import Callable

from starlette.responses import HTMLResponse, Response

from sandbox.faults import KEEPS, LONGEST_DELAY, Fault, Mode
from sandbox.inbox import Receipt
from sandbox.wire import HangUp
from sandbox.world import Party

GARBAGE = "<!doctype html><title>Welcome</title><h1>Please sign in to use this network</h1>"


class HttpParty(Party):
    def refusal(self, fault: Fault, *, switch: str, to: str) -> Response:
        """The party's own way to say fail, reject or ratelimit."""
        raise NotImplementedError

    async def take(
        self, receipt: Receipt, *, switch: str, answer: Callable[[Receipt], Response]
    ) -> Response:
        fault = self.world.faults.strike(switch, receipt.to)
        if fault.mode in KEEPS:
            self.world.inbox.record(receipt)
        else:
            self.world.inbox.refuse(receipt, reason=fault.mode)
        return await self._suffer(fault, switch=switch, to=receipt.to) or answer(receipt)

    async def look_up(self, *, switch: str, to: str, answer: Callable[[], Response]) -> Response:
        fault = self.world.faults.strike_reading(switch, to)
        return await self._suffer(fault, switch=switch, to=to) or answer()

    async def _suffer(self, fault: Fault, *, switch: str, to: str) -> Response | None:
        match fault.mode:
            case Mode.OK | Mode.LOSE:
                return None
            case Mode.SLOW:
                await self.world.pause(fault.delay)
                return None
            case Mode.DROP:
                return HangUp()
            case Mode.HANG:
                await self.world.pause(LONGEST_DELAY)
                return HangUp()
            case Mode.GARBAGE:
                return HTMLResponse(GARBAGE)
        return self.refusal(fault, switch=switch, to=to)
