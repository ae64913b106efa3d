// A metric by hand: values under the pointer, drag to look closer, Back to go back; it follows the clock. Without it the drawing stays.
const box = document.querySelector("[data-course]");
const press = document.querySelector("[data-by-hand]");
const colours = getComputedStyle(box);
const { course, zone, by, word, since, until, gap, live, names } = box.dataset;
const [low, mean, high, time] = names.split("|");

const [day, minute, full] = [
  { month: "2-digit", day: "2-digit" },
  { hour: "2-digit", minute: "2-digit" },
  { dateStyle: "short", timeStyle: "medium" },
].map((how) => new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: zone, hourCycle: "h23", ...how }));
const number = (value) => (value / by).toLocaleString(undefined, { maximumSignificantDigits: 4 });
const say = (value) => (value == null ? "–" : `${number(value)} ${word}`);
const moment = (_, at) => (at == null ? "–" : full.format(at * 1000));
const clock = (_, marks, __, ___, apart) =>
  marks.map((mark) => (apart < 86400 && minute.format(mark * 1000) !== "00:00" ? minute : day).format(mark * 1000));

const line = (label, stroke, width) => ({ label, stroke, width, value: (_, value) => say(value), points: { show: false } });
const axis = (how) => ({
  stroke: colours.color, font: `12px ${colours.fontFamily}`,
  grid: { stroke: colours.borderTopColor, width: 1 }, ticks: { show: false }, ...how,
});

// The drawing's own marks lie over the plot; those that stand at a value are moved to its scale.
function mark({ over, valToPos }) {
  over.querySelector(".marks")?.remove();
  over.append(document.querySelector("#course .marks").cloneNode(true));
  for (const one of over.querySelectorAll("[data-value]")) {
    const down = Math.min(over.clientHeight, Math.max(0, valToPos(one.dataset.value, "y")));
    one.setAttribute("transform", `translate(0 ${down})`);
  }
}

function lookCloser({ select: { left, width }, posToVal }) {
  if (width <= 8) return;
  const [from, to] = [Math.floor(posToVal(left, "x")), Math.ceil(posToVal(left + width, "x"))];
  location.assign(`?from=${from}&to=${to}#by-hand`);
}

const plotted = () => new uPlot({
  width: box.clientWidth, height: 300,
  tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone),
  cursor: { drag: { setScale: false } },
  bands: [{ series: [3, 1], fill: colours.caretColor }],
  hooks: { draw: [mark], setSelect: [lookCloser] },
  axes: [axis({ values: clock }), axis({ size: 68, values: (_, marks) => marks.map(say) })],
  series: [
    { label: time, value: moment },
    line(low, "transparent", 0), line(mean, colours.outlineColor, 1.75), line(high, "transparent", 0),
  ],
}, null, box);

let plot = null;
async function show() {
  const passed = live ? Date.now() - until : 0;
  const [min, max] = [since, until].map((end) => (Number(end) + passed) / 1000);
  const [from, to] = [min, max].map((end) => new Date(end * 1000).toISOString());
  const { bins } = await (await fetch(`${course}?since=${from}&until=${to}&points=1000`)).json();
  const at = bins.map((bin) => Date.parse(bin.at) / 1000);
  const hole = (n) => (n && at[n] - at[n - 1] > gap ? [[at[n] - 1]] : []);
  const rows = bins.flatMap((bin, n) => [...hole(n), [at[n], bin.low, bin.mean, bin.high]]);
  plot ??= plotted();
  plot.setData([0, 1, 2, 3].map((column) => rows.map((row) => row[column] ?? null)), false);
  plot.setScale("x", { min, max });
}

press.hidden = false;
press.addEventListener("click", () => {
  box.hidden = false;
  press.hidden = true;
  document.getElementById("course").classList.add("by-hand");
  show();
  if (live) setInterval(show, 5000);
});
if (location.hash === "#by-hand") press.click();
addEventListener("resize", () => plot?.setSize({ width: box.clientWidth, height: 300 }));
