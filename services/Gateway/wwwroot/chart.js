import { api } from "./api.js";
import { element } from "./dom.js";

// What is drawn for a pattern: the series it was found in.
const measures = {
  payment_timing_shift: { measure: "days_late", words: "Days late by due day", label: "days late", of: "invoices" },
  rush_order_frequency: { measure: "rush_share", words: "Share of rush orders by month", label: "rush share", of: "months" },
  order_frequency_shift: { measure: "orders_per_month", words: "Orders by month", label: "orders", of: "months" },
  order_silence: { measure: "orders_per_month", words: "Orders by month", label: "orders", of: "months" },
  amount_anomaly: { measure: "order_amount", words: "Order amounts", label: "amount", of: "orders" },
};
const mostCharts = 3;

// The series of the patterns that an answer shows, with the level before and since a change. The library (uPlot 1.6.32, MIT) is
// loaded only when there is something to draw.
export async function showCharts(answer, patterns) {
  answer.querySelectorAll(".chart").forEach(chart => chart.remove());
  let after = answer.querySelector(".text");
  for (const pattern of patterns.filter(one => measures[one.type]).slice(0, mostCharts)) {
    const { measure } = measures[pattern.type];
    const response = await api(`api/customers/${encodeURIComponent(pattern.customerId)}/series/${measure}`);
    const series = response.ok ? await response.json() : { points: [] };
    if (series.points.length > 1) {
      after = await draw(after, pattern, series);
    }
  }
}

async function draw(after, pattern, series) {
  const { default: UPlot } = await import("./uplot/uPlot.esm.js");
  const { words, label, of } = measures[pattern.type];
  const figure = element("figure", "chart");
  const plot = element("div");
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", `${words}, ${series.points.length} ${of}. ${pattern.text}`);
  figure.append(plot, element("figcaption", "", `${words}, ${series.points.length} ${of}${pattern.changedOn ? `; change on ${pattern.changedOn}` : ""}`));
  after.after(figure);

  const days = series.points.map(point => Date.parse(point.on) / 1000);
  const level = days.map(day => series.levels.findLast(one => Date.parse(one.on) / 1000 <= day)?.value ?? null);
  // Read at each drawing: light and dark may change meanwhile.
  const ink = () => getComputedStyle(figure).color;
  const axis = { stroke: ink, grid: { stroke: () => `color-mix(in srgb, ${ink()} 15%, transparent)` }, ticks: { show: false } };
  const chart = new UPlot({
    width: figure.clientWidth,
    height: 190,
    cursor: { drag: { x: false, y: false } },
    legend: { show: false },
    scales: { x: { time: true } },
    axes: [{ ...axis }, { ...axis, label, labelSize: 20, size: 50 }],
    series: [
      {},
      { label, stroke: "#3b82f6", paths: () => null, points: { show: true, size: 5, fill: "#3b82f6" } },
      { label: "level", stroke: "#dc2626", width: 2, points: { show: false }, paths: UPlot.paths.stepped({ align: 1 }) },
    ],
    hooks: { draw: [marker(pattern.changedOn)] },
  }, [days, series.points.map(point => point.value), level], plot);
  new ResizeObserver(() => chart.setSize({ width: figure.clientWidth, height: 190 })).observe(figure);
  document.addEventListener("themechange", () => figure.isConnected && chart.redraw());
  return figure;
}

// A dashed line on the day of the change.
function marker(changedOn) {
  return chart => {
    if (!changedOn) {
      return;
    }

    const x = Math.round(chart.valToPos(Date.parse(changedOn) / 1000, "x", true));
    const context = chart.ctx;
    context.save();
    context.strokeStyle = "#dc2626";
    context.setLineDash([4, 4]);
    context.beginPath();
    context.moveTo(x, chart.bbox.top);
    context.lineTo(x, chart.bbox.top + chart.bbox.height);
    context.stroke();
    context.restore();
  };
}
