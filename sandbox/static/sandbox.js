const EVERY_MS = 2000;
const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "short" });

function tellAges() {
  for (const time of document.querySelectorAll("time")) {
    const seconds = Math.max(1, Math.round((Date.now() - Date.parse(time.dateTime)) / 1000));
    const [unit, size] = units.find(([, size]) => seconds >= size);
    time.firstElementChild.textContent = relative.format(-Math.floor(seconds / size), unit);
  }
}

/* A card that was answered is drawn anew, unless somebody is in the middle of it. */
function redraw(fresh) {
  for (const card of fresh) {
    const old = card.id && document.getElementById(card.id);
    const busy = !old || old.contains(document.activeElement) || old.querySelector("[open]");
    if (!busy && old.dataset.edits !== card.dataset.edits) old.replaceWith(card.cloneNode(true));
  }
}

/* What is on the page stays as it is, opened or half read; news is put before it. */
function addNews(list, fresh) {
  const known = [...fresh].filter((card) => card.id && document.getElementById(card.id));
  if (!known.length) return list.replaceChildren(...fresh);
  const news = fresh.filter((card) => !document.getElementById(card.id));
  for (const card of news) card.classList.add("new");
  list.prepend(...news);
}

async function refresh() {
  const list = document.querySelector("[data-news]");
  if (!list || document.hidden) return;
  const address = new URL(location.href);
  address.searchParams.set("seen", document.body.dataset.version);
  const answer = await fetch(address);
  if (answer.status !== 200) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.body.dataset.version = page.body.dataset.version;
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    part.textContent = fresh.textContent;
    part.className = fresh.className;
  }
  redraw(page.getElementById("cards").children);
  addNews(list, [...page.getElementById("cards").children]);
}

async function tick() {
  await refresh().catch(() => {}); // The sandbox may be restarting; the next round asks again.
  tellAges();
  setTimeout(tick, EVERY_MS);
}

tick();
