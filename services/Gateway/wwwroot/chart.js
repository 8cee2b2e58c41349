import { api } from "./api.js";

// Days late of each customer whose payments shifted, with the level before and since. The library (uPlot 1.6.32, MIT) is
// loaded only when there is something to draw.
export async function showCharts(answer, patterns) {
  answer.querySelectorAll(".chart").forEach(chart => chart.remove());
  for (const shift of patterns.filter(pattern => pattern.type === "payment_timing_shift")) {
    const response = await api(`/api/customers/${encodeURIComponent(shift.customerId)}/series/days_late`);
    if (!response.ok) {
      continue;
    }

    const series = await response.json();
    if (series.points.length > 1) {
      await draw(answer, shift, series);
    }
  }
}

async function draw(answer, shift, series) {
  const { default: UPlot } = await import("./uplot/uPlot.esm.js");
  const figure = document.createElement("figure");
  figure.className = "chart";
  const plot = document.createElement("div");
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", `Days late of ${series.points.length} invoices by due day. ${shift.text}`);
  const caption = document.createElement("figcaption");
  caption.textContent = `Days late by due day, ${series.points.length} invoices${shift.changedOn ? `; change on ${shift.changedOn}` : ""}`;
  figure.append(plot, caption);
  answer.querySelector(".text").after(figure);

  const days = series.points.map(point => Date.parse(point.on) / 1000);
  const level = days.map(day => series.levels.findLast(one => Date.parse(one.on) / 1000 <= day)?.value ?? null);
  const style = getComputedStyle(figure);
  const ink = style.color;

  const axis = { stroke: ink, grid: { stroke: `color-mix(in srgb, ${ink} 15%, transparent)` }, ticks: { show: false } };
  const chart = new UPlot({
    width: figure.clientWidth,
    height: 190,
    cursor: { drag: { x: false, y: false } },
    legend: { show: false },
    scales: { x: { time: true } },
    axes: [{ ...axis }, { ...axis, label: "days late", labelSize: 20, size: 45 }],
    series: [
      {},
      { label: "days late", stroke: "#3b82f6", paths: () => null, points: { show: true, size: 5, fill: "#3b82f6" } },
      { label: "level", stroke: "#dc2626", width: 2, points: { show: false }, paths: UPlot.paths.stepped({ align: 1 }) },
    ],
    hooks: { draw: [marker(shift.changedOn)] },
  }, [days, series.points.map(point => point.value), level], plot);
  new ResizeObserver(() => chart.setSize({ width: figure.clientWidth, height: 190 })).observe(figure);
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
