import { api } from "./api.js";
import { button, details, element, percent, plural, table } from "./dom.js";

let dashboard = null;

export function linkDashboard(address) {
  dashboard = address ?? null;
}

// The request id with what it leads to: the record, and the trace where a dashboard is known.
export function requestLine(requestId) {
  const line = element("p", "ids");
  line.append("Request ", element("code", "", requestId), " ", button("Copy", event => copy(event.currentTarget, requestId), "Copy the request id"));
  line.append(" ", button("How it came about", () => showRecord(requestId)));
  if (dashboard) {
    const trace = element("a", "", "Trace and logs");
    trace.href = `${dashboard}/#/traces/${encodeURIComponent(requestId)}`;
    trace.target = "_blank";
    trace.rel = "noopener";
    line.append(" ", trace);
  }
  return line;
}

async function copy(pressed, text) {
  try {
    await navigator.clipboard.writeText(text);
    pressed.textContent = "Copied";
  } catch {
    pressed.textContent = "Press Ctrl+C";
    getSelection().selectAllChildren(pressed.parentElement.querySelector("code"));
  }
  setTimeout(() => { pressed.textContent = "Copy"; }, 2000);
}

async function showRecord(requestId) {
  const dialog = document.getElementById("record");
  const place = dialog.querySelector(".content");
  place.replaceChildren(element("p", "", "Reading the record…"));
  dialog.showModal();
  try {
    const response = await api(`api/answers/${encodeURIComponent(requestId)}`);
    const found = await response.json();
    if (!response.ok) {
      throw new Error(found.detail);
    }
    place.replaceChildren(...contents(found), replayOf(requestId));
  } catch (failure) {
    place.replaceChildren(element("p", "error", failure.message || "The record cannot be read just now."), element("p", "ids", `Request ${requestId}`));
  }
}

function contents(found) {
  const { record } = found;
  const retrieved = record.retrieved ?? { facts: [], patterns: [], memories: [], missing: [] };
  const versions = Object.entries(record.versions ?? {}).map(([name, value]) => [name, String(value)]);
  const facts = retrieved.facts.flatMap(of => of.facts.map(fact => [of.entity?.name ?? "all customers", fact.kind, valueOf(fact.value), plural(fact.evidence?.totalRows ?? 0, "row")]));
  const patterns = retrieved.patterns.map(of => [of.customer?.name, of.insights.map(one => one.type).join(", ") || "none", of.dataVersion, of.tier]);
  const gates = (record.response.gates ?? []).map(gate => [gate.gate, gate.passed ? "passed" : "not passed", percent(gate.score), gate.reason]);
  const parts = [
    element("p", "", found.query),
    details(plural(facts.length, "figure"), table(["of", "figure", "value", "from"], facts, "Figures")),
    details(`Patterns of ${plural(patterns.length, "customer")}`, table(["customer", "patterns", "data version", "read from"], patterns, "Patterns")),
    details(`${retrieved.memories.length} memories`, table(["memory", "score"], retrieved.memories.map(one => [one.text, one.score]), "Memories")),
    details(plural(gates.length, "quality gate"), table(["gate", "", "score", "why"], gates, "Quality gates")),
    details("Versions", table(["part", "version"], versions, "Versions")),
    details("Everything", element("pre", "", JSON.stringify(found, null, 2))),
  ];
  if (retrieved.missing.length > 0) {
    parts.splice(1, 0, element("p", "warning", `Missing: ${retrieved.missing.map(one => `${one.part} (${one.reason})`).join(", ")}`));
  }
  return parts;
}

function replayOf(requestId) {
  const place = element("div");
  place.setAttribute("role", "status");
  const run = button("Ask again and compare", async () => {
    run.disabled = true;
    place.textContent = "Asking…";
    try {
      const response = await api(`api/answers/${encodeURIComponent(requestId)}/replay`, { method: "POST" });
      const replay = await response.json();
      if (!response.ok) {
        throw new Error(replay.detail);
      }
      place.replaceChildren(replay.same
        ? element("p", "", "Nothing that the answer rests on has changed.")
        : table(["what", "which", "before", "now"], replay.changes.map(one => [one.what, one.name, one.before, one.after]), "Changes"));
    } catch (failure) {
      place.textContent = failure.message || "It cannot be asked again just now.";
    } finally {
      run.disabled = false;
    }
  });
  const part = element("div", "replay");
  part.append(run, place);
  return part;
}

function valueOf(value) {
  return value.money ? `${value.money.amount} ${value.money.currency}` : value.number !== undefined ? `${Number(value.number.toFixed(4))} ${value.kind}` : value.text ?? "";
}
