"""The servers as a person sees and breaks them: each unit, measure and piece of network with its buttons."""

from collections.abc import Iterable, Mapping
from html import escape
from string import Template
from typing import Final

from sandbox.hosts.host import FINE, MEASURES, NETWORK_STATES, STATES, UNITS, Host
from sandbox.words import LANGUAGES

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
LEVELS: Final = {"disk": (42, 93, 100), "memory": (55, 93, 99)}  # in per cent
RUNS: Final = "active"
PAGE: Final = Template("""<!doctype html>
<html lang="$lang"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$w_servers</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/sandbox.css"></head><body>
<header class="bar"><a class="brand" href="/">$w_brand <span class="muted">$w_place</span></a></header>
<main class="servers"><div class="lead"><div><h1>$w_servers</h1><p class="muted">$w_servers_lead</p></div></div>
<div class="grid">$hosts</div></main></body></html>""")
Words = Mapping[str, str]


def page(hosts: Iterable[Host], language: str) -> str:
    words = LANGUAGES[language]
    return PAGE.substitute(
        {f"w_{name}": escape(word) for name, word in words.items()},
        lang=language,
        hosts="".join(_host(host, words) for host in hosts),
    )


def _host(host: Host, words: Words) -> str:
    troubles = _troubles(host)
    look, said = ("p1", words["troubles"].format(n=troubles)) if troubles else ("good", words["ok"])
    rows = "".join(
        [
            *(
                _row(unit, host.get(f"units/{unit}"), STATES, "unit", words)
                for unit in UNITS[host.name]
            ),
            *(_row(name, host.get(name), LEVELS[name], name, words) for name in MEASURES),
            *(_row(name, host.get(name), of, name, words) for name, of in NETWORK_STATES.items()),
        ]
    )
    return f"""<section id="{host.name}"><header><h2>{host.name}</h2><span class="muted">{host.address}</span>
<span class="state {look}">{escape(said)}</span></header>
<form method="post" action="/servers/{host.name}">{rows}
<button class="btn wide" name="heal" value="1">{escape(words["heal"])}</button></form></section>"""


def _troubles(host: Host) -> int:
    units = sum(host.get(f"units/{unit}") != RUNS for unit in UNITS[host.name])
    measures = sum(int(host.get(name)) != usual for name, usual in MEASURES.items())
    return units + measures + sum(host.get(name) != FINE for name in NETWORK_STATES)


def _row(name: str, now: str, choices: Iterable[object], words_of: str, words: Words) -> str:
    buttons = "".join(
        f'<button name="{name}" value="{one}" aria-pressed="{str(str(one) == now).lower()}">'
        f"{escape(words.get(f'{words_of}_{one}', f'{one} %'))}</button>"
        for one in choices
    )
    label = escape(words.get(name, name))
    return f'<div class="row" role="group" aria-label="{label}"><b>{label}</b><div>{buttons}</div></div>'
