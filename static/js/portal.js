// Clocks count, keys work, live updates wait for the hand; all pages work without this file.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const language = document.documentElement.lang;
const relative = new Intl.RelativeTimeFormat(language, { style: "short" });
const unit = (n, name) => new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" }).format(n);

let skew = 0; // how far the server's clock is ahead of this one, in ms
const until = (text) => Math.round((Date.parse(text) - Date.now() - skew) / 1000);
function span(seconds) {
  const [days, hours, minutes] = [seconds / 86400, (seconds % 86400) / 3600, (seconds % 3600) / 60].map(Math.floor);
  if (days) return `${unit(days, "day")} ${unit(hours, "hour")}`;
  const padded = [minutes, seconds % 60].map((n) => String(n).padStart(2, "0"));
  return [...(hours ? [hours] : []), ...padded].join(":");
}
function ago(seconds) {
  const sizes = [[86400, "day"], [3600, "hour"], [60, "minute"]];
  const [size, name] = sizes.find(([size]) => seconds >= size) ?? [1, "second"];
  return relative.format(-Math.floor(seconds / size), name);
}
function tick() {
  for (const el of all("[data-ago]")) el.textContent = ago(Math.max(0, -until(el.dataset.ago)));
  for (const el of all("[data-since]")) el.textContent = span(Math.max(0, -until(el.dataset.since)));
  for (const el of all("[data-due]")) {
    const left = until(el.dataset.due), clock = el.closest(".clock"), used = clock?.querySelector(".used");
    el.textContent = span(Math.abs(left));
    clock?.classList.toggle("over", left < 0);
    if (!used || left < 0) continue;
    el.total ??= left / (1 - used.getAttribute("width") / 100);
    if (Number.isFinite(left / el.total)) used.setAttribute("width", (100 - (100 * left) / el.total).toFixed(2));
    clock.classList.toggle("soon", until(clock.dataset.warn ?? el.dataset.due) <= 0);
  }
}

// A live update waits while a control is pressed or the mouse is on its way to one; the next poll brings it.
const newest = () => Math.max(0, ...all("[data-seq]").map((line) => Number(line.dataset.seq)));
let moved = -Infinity, seen = newest(), anchor = null;
let held = [[], []]; // what is open, and how far rows are pushed aside
addEventListener("pointermove", (event) => { if (event.pointerType === "mouse") moved = performance.now(); }, { passive: true });
const aiming = () =>
  document.querySelector("main :is(a, button):active") ||
  (performance.now() - moved < 1500 && document.querySelector("main :is(a, button):hover"));
const arrived = ({ detail }) => detail.successful && new URL(detail.xhr.responseURL).pathname.startsWith(location.pathname);
const hide = (id, well) => { document.getElementById(id).hidden = well; };
const isLive = (event) => event.detail.requestConfig?.elt.hasAttribute("data-live");
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig, shouldSwap } = event.detail;
  [anchor, held] = [null, [all("details[open][id]").map((part) => part.id), all(".chips").map((row) => row.scrollLeft)]];
  if (!isLive(event) || !shouldSwap) return;
  const signedOut = new URL(xhr.responseURL).pathname !== new URL(requestConfig.path, location).pathname && !location.reload();
  event.detail.shouldSwap = !signedOut && !aiming();
  const line = scrollY > 0 && all("#incidents .row, .timeline li").find((candidate) => candidate.getBoundingClientRect().top >= 0);
  if (line) anchor = { id: line.id, top: line.getBoundingClientRect().top };
});
document.addEventListener("htmx:afterSwap", () => {
  tick();
  for (const line of all("[data-seq]")) if (Number(line.dataset.seq) > seen) line.classList.add("fresh");
  seen = newest();
  for (const id of held[0]) document.getElementById(id)?.setAttribute("open", "");
  all(".chips").forEach((row, place) => { row.scrollLeft = held[1][place] ?? 0; });
  if (anchor) scrollBy(0, (document.getElementById(anchor.id)?.getBoundingClientRect().top ?? anchor.top) - anchor.top);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const ahead = Date.parse(event.detail.xhr.getResponseHeader("Date")) - Date.now();
  if (Math.abs(ahead) > 2000) skew = ahead;
  if (isLive(event)) hide("stale", event.detail.successful);
  if (event.detail.elt.matches("[data-keep], [hx-swap=none]")) hide("unsent", arrived(event));
});

// What is being written is kept, and nobody leaves it behind unawares.
for (const form of all("form[data-keep]")) {
  const box = form.querySelector("textarea"), key = `kept:${location.pathname}`;
  box.value ||= sessionStorage.getItem(key) ?? "";
  box.addEventListener("input", () => sessionStorage.setItem(key, box.value));
  form.addEventListener("htmx:afterRequest", (event) => {
    if (!arrived(event)) return;
    sessionStorage.removeItem(key);
    form.reset();
  });
}
let unsaved = false;
document.addEventListener("input", (event) => { unsaved ||= event.target.form?.matches("[data-guard]"); });
document.addEventListener("submit", () => { unsaved = false; });
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

// By the key's place, so that it works in Hangul mode. What changes an incident is led to, and waits for Enter.
// In a closed sheet the focus stays when what opened it was replaced: that is no typing.
const typing = (target) => target.closest("input, textarea, select, [popover]")?.checkVisibility();
const keyOf = ({ code, shiftKey }) => (code !== "Slash" ? code.slice(-1) : shiftKey ? "?" : "/");
function beside({ code }) {
  const step = { KeyJ: 1, KeyK: -1 }[code], titles = all("a.title");
  return step && titles[Math.max(0, titles.indexOf(document.activeElement) + step)];
}
document.addEventListener("keydown", (event) => {
  const switchedOff = document.documentElement.dataset.keys === "off";
  if (event.ctrlKey || event.metaKey || event.altKey || switchedOff || typing(event.target)) return;
  const named = all(`[aria-keyshortcuts="${keyOf(event)}"]`);
  const wanted = named.find((control) => control.popoverTargetElement || control.checkVisibility()) ?? beside(event);
  if (!wanted) return;
  event.preventDefault();
  wanted.matches("[popovertarget], a[aria-keyshortcuts]") ? wanted.click() : wanted.focus();
});
document.addEventListener("change", ({ target }) => {
  if (!["theme", "keys"].includes(target.name)) return;
  document.documentElement.dataset[target.name] = target.value;
  document.cookie = `${target.name}=${target.value}; path=/; max-age=31536000; samesite=lax`;
});
setInterval(tick, 1000), tick();
