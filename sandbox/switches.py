"""The buttons that break things: as JSON for programs, as forms for people."""

import json

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import BadFault, Fault
from sandbox.wire import back, form
from sandbox.world import Party


class Switches(Party):
    def routes(self) -> list[Route]:
        return [
            Route("/faults.json", self.show),
            Route("/faults", self.calm, methods=["DELETE"]),
            Route("/faults", self.calm_by_button, methods=["POST"]),
            Route("/faults/{switch}", self.set, methods=["PUT"]),
            Route("/faults/{switch}", self.set_by_button, methods=["POST"]),
            Route("/inbox/empty", self.empty_by_button, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        return self._all()

    async def calm(self, request: Request) -> Response:
        self.world.faults.calm()
        return self._all()

    async def set(self, request: Request) -> Response:
        try:
            wish = json.loads(await request.body() or b"{}")
        except ValueError:
            wish = None
        if not isinstance(wish, dict):
            return JSONResponse({"error": "the body must be a JSON object"}, status_code=400)
        try:
            fault = Fault.wished(wish)
            self.world.faults.set(request.path_params["switch"], fault)
        except BadFault as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        except KeyError:
            known = ", ".join(self.world.faults.all())
            return JSONResponse({"error": f"no such party; there are {known}"}, status_code=404)
        return JSONResponse(fault.as_dict())

    async def set_by_button(self, request: Request) -> Response:
        try:
            fault = Fault.wished(await form(request))
            self.world.faults.set(request.path_params["switch"], fault)
        except BadFault as error:
            raise HTTPException(400, str(error)) from None
        except KeyError:
            raise HTTPException(404) from None
        return back(request, "#faults")

    async def calm_by_button(self, request: Request) -> Response:
        self.world.faults.calm()
        return back(request, "#faults")

    async def empty_by_button(self, request: Request) -> Response:
        self.world.inbox.empty()
        self.world.inbox.empty_refused()
        return back(request)

    def _all(self) -> Response:
        return JSONResponse(
            {name: each.as_dict() for name, each in self.world.faults.all().items()}
        )
