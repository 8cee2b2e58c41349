import { showCharts } from "./chart.js";
import { showDecision } from "./decision.js";
import { button, element, percent } from "./dom.js";
import { candidateButtons, entityChips } from "./entities.js";
import { feedbackOf } from "./feedback.js";
import { requestLine } from "./record.js";
import { linkSources, showSources } from "./sources.js";

const stages = {
  entity_resolution: "Finding who is meant",
  understanding: "Understanding the question",
  retrieval: "Reading records, patterns and notes",
  synthesis: "Weighing what was found",
  decision: "Weighing the options",
  remember: "Keeping the note",
  generation: "Writing",
};

export function newAnswer() {
  return document.getElementById("answer").content.firstElementChild.cloneNode(true);
}

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

// What was shown is withdrawn; the text begins again.
export function withdrawText(answer) {
  showText(answer, "");
  answer.querySelector(".stage").textContent = "Checking again";
}

export function showError(answer, problem) {
  answer.querySelector(".stage").textContent = "";
  const text = element("p", "error", [problem.title, problem.detail].filter(Boolean).join(". "));
  text.setAttribute("role", "alert");
  answer.querySelector(".text").replaceChildren(text);
  if (problem.requestId) {
    answer.querySelector(".text").append(requestLine(problem.requestId));
  }
}

export function showAnswer(answer, response, html, ask) {
  showText(answer, html);
  showEntities(answer, response.entities);
  showCandidates(answer, response.disambiguation, ask);
  showDecision(answer.querySelector(".decision"), response.decision);
  // The writer puts most notes into the text; only what it left out is shown again.
  answer.querySelector(".notes").replaceChildren(...response.notes
    .filter(note => !response.answer.includes(note.text))
    .map(note => element("li", note.severity, note.text)));
  answer.querySelector(".confidence").textContent = `Confidence ${percent(response.confidence)}`;
  answer.querySelector(".confidence").title = `Quality ${percent(response.qualityScore)}, written by ${response.method}`;
  const sources = answer.querySelector(".sources");
  showSources(sources, response.sources);
  linkSources(answer.querySelector(".text"), sources);
  showTimings(answer.querySelector(".timings"), response);
  if (!response.disambiguation) {
    answer.querySelector("footer").append(feedbackOf(response.requestId));
  }
  const suggestions = response.disambiguation ? [] : response.suggestions;
  answer.querySelector(".suggestions").replaceChildren(...suggestions.map(text => button(text, () => ask(text))));
  // The answer stands without it; a chart that cannot be drawn is left out.
  showCharts(answer, response.patterns ?? []).catch(() => {});
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

function showTimings(part, response) {
  const { total, ...stagesTaken } = response.timings;
  part.querySelector("summary").textContent = `${Math.round(total)} ms`;
  const bars = part.querySelector(".bars");
  bars.replaceChildren();
  for (const [stage, milliseconds] of Object.entries(stagesTaken)) {
    const meter = document.createElement("meter");
    meter.max = total;
    meter.value = milliseconds;
    meter.setAttribute("aria-label", `${stage.replaceAll("_", " ")}, share of the whole`);
    bars.append(element("span", "", stage.replaceAll("_", " ")), meter, element("span", "", `${milliseconds.toFixed(1)} ms`));
  }
  part.querySelector(".ids").replaceWith(requestLine(response.requestId));
}
