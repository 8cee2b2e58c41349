import { showCharts } from "./chart.js";
import { candidateButtons, entityChips } from "./entities.js";

const stages = {
  entity_resolution: "Finding who is meant",
  understanding: "Understanding the question",
  retrieval: "Reading records, patterns and notes",
  synthesis: "Weighing what was found",
  decision: "Weighing the options",
  generation: "Writing",
};

export function showStage(answer, stage) {
  answer.querySelector(".stage").textContent = stages[stage] ?? stage;
}

export function showEntities(answer, entities) {
  answer.querySelector(".chips").replaceChildren(...entityChips(entities));
}

// The HTML is rendered by the gateway, which lets no raw HTML through.
export function showText(answer, html) {
  answer.querySelector(".stage").textContent = "";
  answer.querySelector(".text").innerHTML = html;
}

export function showError(answer, problem) {
  answer.querySelector(".stage").textContent = "";
  const text = element("p", "error", [problem.title, problem.detail].filter(Boolean).join(". "));
  answer.querySelector(".text").replaceChildren(text);
  if (problem.requestId) {
    answer.querySelector(".text").append(element("p", "ids", `Request ${problem.requestId}`));
  }
}

export function showAnswer(answer, response, html, ask) {
  showText(answer, html);
  showEntities(answer, response.entities);
  showCandidates(answer, response.disambiguation, ask);
  showDecision(answer, response.decision);
  // The writer puts most notes into the text; only what it left out is shown again.
  answer.querySelector(".notes").replaceChildren(...response.notes
    .filter(note => !response.answer.includes(note.text))
    .map(note => element("li", note.severity, note.text)));
  answer.querySelector(".confidence").textContent = `Confidence ${percent(response.confidence)}`;
  answer.querySelector(".confidence").title = `Quality ${percent(response.qualityScore)}, written by ${response.method}`;
  // The answer stands without it; a chart that cannot be drawn is left out.
  showCharts(answer, response.patterns ?? []).catch(() => {});
  showSources(answer.querySelector(".sources"), response.sources);
  showTimings(answer.querySelector(".timings"), response);
  const suggestions = response.disambiguation ? [] : response.suggestions;
  answer.querySelector(".suggestions").replaceChildren(...suggestions.map(text => action(text, () => ask(text))));
}

function showCandidates(answer, disambiguation, ask) {
  const part = answer.querySelector(".candidates");
  if (!disambiguation) {
    part.replaceChildren();
    return;
  }

  const names = disambiguation.candidates.map(candidate => candidate.name);
  part.setAttribute("role", "group");
  part.setAttribute("aria-label", `Who is meant by ${disambiguation.mention}?`);
  // Names that two bear are chosen by number.
  part.replaceChildren(...candidateButtons(disambiguation.candidates, candidate =>
    ask(names.filter(name => name === candidate.name).length > 1 ? String(candidate.number) : candidate.name)));
}

function showDecision(answer, decision) {
  const card = answer.querySelector(".decision");
  if (!decision) {
    card.replaceChildren();
    return;
  }

  const chosen = decision.options.find(option => option.name === decision.recommended);
  const sides = element("div", "sides");
  sides.append(...[
    side("For", decision.for.map(c => c.text)),
    side("Against", decision.against.map(c => c.text)),
    side("What would change it", decision.wouldChange),
    side("Not known", decision.missing),
  ].filter(Boolean));
  card.replaceChildren(
    element("h3", "", chosen ? `${capital(chosen.label)} · risk ${decision.risk}` : `No recommendation · risk ${decision.risk}`),
    sides);
}

function side(title, texts) {
  if (!texts.length) {
    return null;
  }

  const part = element("div");
  const list = element("ul");
  list.append(...texts.map(text => element("li", "", text)));
  part.append(element("strong", "", title), list);
  return part;
}

function showSources(details, sources) {
  details.hidden = !sources.length;
  details.querySelector("summary").textContent = `${sources.length} ${sources.length === 1 ? "source" : "sources"}`;
  details.querySelector("ol").replaceChildren(...sources.map(source => {
    const item = element("li", "", `${source.title}${source.stale ? " (older copy)" : ""}`);
    for (const evidence of source.evidence) {
      const rows = element("details");
      rows.append(element("summary", "", `${evidence.table}: ${evidence.totalRows} ${evidence.totalRows === 1 ? "row" : "rows"}`));
      if (evidence.sql) {
        rows.append(element("pre", "", source.sqlSources ? `${source.sqlSources}\n${evidence.sql}` : evidence.sql));
      }
      if (evidence.rowIds.length) {
        rows.append(element("div", "rows", evidence.rowIds.join(", ")));
      }
      item.append(rows);
    }
    return item;
  }));
}

function showTimings(details, response) {
  const { total, ...parts } = response.timings;
  details.querySelector("summary").textContent = `${Math.round(total)} ms`;
  const bars = details.querySelector(".bars");
  bars.replaceChildren();
  for (const [stage, milliseconds] of Object.entries(parts)) {
    const meter = document.createElement("meter");
    meter.max = total;
    meter.value = milliseconds;
    bars.append(element("span", "", stage.replaceAll("_", " ")), meter, element("span", "", `${milliseconds.toFixed(1)} ms`));
  }
  details.querySelector(".ids").textContent = `Request ${response.requestId}`;
}

function action(text, run) {
  const button = element("button", "", text);
  button.type = "button";
  button.addEventListener("click", run);
  return button;
}

function element(tag, className = "", text = "") {
  const created = document.createElement(tag);
  created.className = className;
  created.textContent = text;
  return created;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}
