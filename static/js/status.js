// The public page says when nobody is there who would update it, by its server's clock, and shows what is newer.
const note = document.getElementById("stale");
async function look() {
  const answer = await fetch(note.dataset.sign, { cache: "no-store" }), sign = await answer.json();
  const now = Date.parse(answer.headers.get("Date")) || Date.now();
  note.hidden = now + 1000 * answer.headers.get("Age") - Date.parse(sign.at) < 3000 * sign.every_seconds;
  if (sign.version !== note.dataset.version) location.reload();
}
const again = () => look().catch(() => { note.hidden = false; });
setInterval(again, 60_000, again());
