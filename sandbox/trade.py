"""Markets and withdrawals as a person would see and move them: one page, and two forms."""

from collections.abc import Iterable, Mapping
from html import escape
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.chain.accounts import SUN
from sandbox.chain.faults import Faults
from sandbox.chain.node import Node
from sandbox.markets.desk import Desk
from sandbox.wire import form
from sandbox.withdrawals.party import Withdrawals
from sandbox.withdrawals.queue import MOST, PRIORITIES, Rail, told
from sandbox.words import LANGUAGES, language_for

POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
PAGE = Template("""<!doctype html>
<html lang="$lang"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$w_trade</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/sandbox.css"></head><body>
<header class="bar"><a class="brand" href="/">$w_brand <span class="muted">$w_place</span></a></header>
<main class="trade"><section><div class="lead"><h1>$w_withdrawals</h1></div>$rails</section>
<aside><div class="lead"><h2>$w_markets</h2></div>$markets
<div class="lead"><h2>$w_nodes</h2></div>$nodes</aside></main></body></html>""")


def page(
    desks: Iterable[Desk], service: Withdrawals, nodes: Mapping[str, Node], language: str
) -> str:
    words = LANGUAGES[language]
    rails = "".join(_rail(rail, words) for rail in service.service.rails.values())
    return PAGE.substitute(
        {f"w_{name}": escape(word) for name, word in words.items()},
        lang=language,
        rails=rails + _faults("wallet-service", service.faults, words),
        markets="".join(_market(desk, words) for desk in desks),
        nodes="".join(_node(name, node, words) for name, node in nodes.items()),
    )


def routes(desks: list[Desk], service: Withdrawals, nodes: Mapping[str, Node]) -> list[Route]:
    """Of what the other parties hold; they keep their own doors for programs."""
    faults = {desk.name: desk.book.faults for desk in desks}
    faults |= {"wallet-service": service.faults}
    faults |= {name: node.faults for name, node in nodes.items()}

    async def shown(request: Request) -> Response:
        asked = request.headers.get("accept-language", "")
        language = language_for(request.query_params.get("lang", ""), asked)
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(page(desks, service, nodes, language), headers=headers)

    async def fault(request: Request) -> Response:
        said, of = await form(request), faults.get(request.path_params["name"])
        if of is None:
            return PlainTextResponse("no such party", status_code=404)
        of.calm()
        if name := said.get("name"):
            try:
                of.set(name, {})
            except ValueError as error:
                return PlainTextResponse(str(error), status_code=400)
        return RedirectResponse("/trade", status_code=303)

    async def fill(request: Request) -> Response:
        said, rail = await form(request), service.service.rails.get(request.path_params["rail"])
        number, priority = said.get("count", ""), said.get("priority", "normal")
        if (
            rail is None
            or priority not in PRIORITIES
            or not (number.isascii() and number.isdigit())
        ):
            return PlainTextResponse("a rail and a number", status_code=400)
        rail.put(priority, min(int(number), MOST))
        return RedirectResponse("/trade", status_code=303)

    return [
        Route("/trade", shown),
        Route("/trade/faults/{name}", fault, methods=["POST"]),
        Route("/trade/queue/{rail}", fill, methods=["POST"]),
    ]


def _rail(rail: Rail, words: dict[str, str]) -> str:
    said = told(rail)
    look = "good" if said["state"] == "running" else "p1"
    waits = " · ".join(f"{words[one]} {rail.queued[one]:,}" for one in PRIORITIES)
    holds = "".join(
        f'<p class="muted">{escape(hold["scope"])} · {escape(hold["reason"])} · '
        f"{escape(hold['by'])}</p>"
        for hold in said["holds"]
    )
    choices = "".join(f'<option value="{one}">{escape(words[one])}</option>' for one in PRIORITIES)
    return f"""<details open><summary><b>{escape(rail.name)}</b>
<span class="state {look}">{escape(words[said["state"]])}</span></summary>
<p>{escape(words["waiting"])}: {escape(waits)}</p>
<p class="muted">{escape(words["sent_so_far"].format(sent=f"{rail.sent:,}", failed=f"{rail.failed:,}"))}</p>
{holds}<form class="options" method="post" action="/trade/queue/{escape(rail.name)}">
<label><span>{escape(words["how_many"])}</span><input name="count" type="number" min="1" value="100"></label>
<label><span>{escape(words["priority"])}</span><select name="priority">{choices}</select></label>
<button class="btn">{escape(words["put_in_queue"])}</button></form></details>"""


def _market(desk: Desk, words: dict[str, str]) -> str:
    book = desk.book
    facts = words["market_facts"].format(
        price=book.unit_price(), balance=f"{book.balance // SUN:,}", sold=len(book.sales)
    )
    return (
        f'<details open><summary><b>{desk.name}</b></summary><p class="muted">{escape(facts)}</p>'
        f"{_faults(desk.name, book.faults, words)}</details>"
    )


def _node(name: str, node: Node, words: dict[str, str]) -> str:
    return (
        f"<details open><summary><b>{name}</b></summary>"
        f"{_faults(name, node.faults, words)}</details>"
    )


def _faults(name: str, faults: Faults, words: dict[str, str]) -> str:
    on = faults.on()
    choices = f'<option value="">{escape(words["no_fault"])}</option>' + "".join(
        f'<option value="{one}"{" selected" if one in on else ""}>'
        f"{escape(words.get(f'wrong_{one}', one))}</option>"
        for one in faults.names
    )
    return (
        f'<form class="options" method="post" action="/trade/faults/{name}">'
        f'<label><span>{escape(words["fault"])}</span><select name="name">{choices}</select>'
        f'</label><button class="btn">{escape(words["set_fault"])}</button></form>'
    )
