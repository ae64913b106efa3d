"""The switches as forms."""

from collections.abc import Mapping
from html import escape

from sandbox.faults import Fault, Mode

Words = Mapping[str, str]


def panel(faults: Mapping[str, Fault], words: Words) -> str:
    return "".join(_switch(switch, fault, words) for switch, fault in faults.items())


def broken(faults: Mapping[str, Fault]) -> int:
    return sum(fault.mode is not Mode.OK for fault in faults.values())


def _switch(switch: str, fault: Fault, words: Words) -> str:
    name = escape(words.get(f"fault_{switch}", switch))
    return f"""<details name="switch" id="switch-{switch}">
<summary><b>{name}</b>{_state(switch, fault, words)}</summary>
<form method="post" action="/faults/{switch}">
<div class="options">{_options(fault, words)}</div>
<div class="modes">{"".join(_button(mode, fault, words) for mode in Mode)}</div>
</form></details>"""


def _state(switch: str, fault: Fault, words: Words) -> str:
    facts = [words[fault.mode]]
    if fault.count:
        facts.append(words["for_next"].format(n=fault.count))
    if fault.match:
        facts.append(fault.match)
    look = "good" if fault.mode is Mode.OK else "p1"
    said = escape(" · ".join(facts))
    return f'<span class="state {look}" id="state-{switch}" data-live>{said}</span>'


def _options(fault: Fault, words: Words) -> str:
    checked = " checked" if fault.reads else ""
    return (
        _field("match", fault.match, words, 'maxlength="200"')
        + _field("count", fault.count or "", words, 'type="number" min="1"')
        + _field("delay", f"{fault.delay:g}", words, 'type="number" min="0" max="120" step="any"')
        + _field("retry_after", fault.retry_after, words, 'type="number" min="0" max="86400"')
        + f'<label class="check"><input type="checkbox" name="reads" value="1"{checked}>'
        f"{escape(words['reads'])}</label>"
    )


def _field(name: str, value: object, words: Words, kind: str) -> str:
    hint = escape(words.get(f"{name}_hint", ""))
    return (
        f"<label><span>{escape(words[name])}</span>"
        f'<input name="{name}" {kind} value="{escape(str(value))}" placeholder="{hint}"></label>'
    )


def _button(mode: Mode, fault: Fault, words: Words) -> str:
    pressed = str(mode is fault.mode).lower()
    return (
        f'<button name="mode" value="{mode}" aria-pressed="{pressed}">'
        f"<b>{escape(words[mode])}</b><small>{escape(words[f'{mode}_does'])}</small></button>"
    )
