// A metric by hand: values under the pointer, drag to look closer, Back to go back; it follows the clock. Without it the drawing stays.
const box = document.querySelector("[data-course]"), press = document.querySelector("[data-by-hand]"), colours = getComputedStyle(box);
const { course, zone, by, word, since, until, gap, live, names } = box.dataset, [low, mean, high, time] = names.split("|");
const [day, minute, full] = [{ month: "2-digit", day: "2-digit" }, { hour: "2-digit", minute: "2-digit" }, { dateStyle: "short", timeStyle: "medium" }]
  .map((how) => new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: zone, hourCycle: "h23", ...how }));
const say = (value) => (value == null ? "–" : `${(value / by).toLocaleString(undefined, { maximumSignificantDigits: 4 })} ${word}`);
const line = (label, stroke, width) => ({ label, stroke, width, value: (_, value) => say(value), points: { show: false } });
const axis = (how) => ({ stroke: colours.color, grid: { stroke: colours.borderTopColor, width: 1 }, ticks: { show: false }, font: `12px ${colours.fontFamily}`, ...how });
const mark = ({ over, valToPos }) => { over.querySelector(".marks")?.remove(); over.append(document.querySelector("#course .marks").cloneNode(true)); over.querySelectorAll("[data-value]").forEach((one) => one.setAttribute("transform", `translate(0 ${Math.min(over.clientHeight, Math.max(0, valToPos(one.dataset.value, "y")))})`)); };
let plot = null;
async function show() {
  const [min, max] = [since, until].map((end) => (Number(end) + (live ? Date.now() - until : 0)) / 1000);
  const [from, to] = [min, max].map((end) => new Date(end * 1000).toISOString()), { bins } = await (await fetch(`${course}?since=${from}&until=${to}&points=1000`)).json(), at = bins.map((bin) => Date.parse(bin.at) / 1000);
  const rows = bins.flatMap((bin, n) => [...(n && at[n] - at[n - 1] > gap ? [[at[n] - 1]] : []), [at[n], bin.low, bin.mean, bin.high]]);
  plot ??= new uPlot({
    width: box.clientWidth, height: 300, tzDate: (moment) => uPlot.tzDate(new Date(moment * 1000), zone), cursor: { drag: { setScale: false } }, bands: [{ series: [3, 1], fill: colours.caretColor }],
    hooks: { draw: [mark], setSelect: [({ select: { left, width }, posToVal }) => { if (width > 8) location.assign(`?from=${Math.floor(posToVal(left, "x"))}&to=${Math.ceil(posToVal(left + width, "x"))}#by-hand`); }] },
    axes: [axis({ values: (_, marks, __, ___, apart) => marks.map((mark) => (apart < 86400 && minute.format(mark * 1000) !== "00:00" ? minute : day).format(mark * 1000)) }), axis({ size: 68, values: (_, marks) => marks.map(say) })],
    series: [{ label: time, value: (_, moment) => (moment == null ? "–" : full.format(moment * 1000)) }, line(low, "transparent", 0), line(mean, colours.outlineColor, 1.75), line(high, "transparent", 0)],
  }, null, box);
  plot.setData([0, 1, 2, 3].map((column) => rows.map((row) => row[column] ?? null)), false);
  plot.setScale("x", { min, max });
}
press.hidden = false, press.addEventListener("click", () => { box.hidden = false; press.hidden = true; document.getElementById("course").classList.add("by-hand"); show(); if (live) setInterval(show, 5000); });
if (location.hash === "#by-hand") press.click();
addEventListener("resize", () => plot?.setSize({ width: box.clientWidth, height: 300 }));
