import { capital, details, element, money, percent } from "./dom.js";

// A weighed decision as a card: what is recommended and how sure, what speaks for and against it, what would change it, and
// what is not known.
export function showDecision(card, decision) {
  card.replaceChildren();
  if (!decision) {
    return;
  }

  const chosen = decision.options.find(option => option.name === decision.recommended);
  const title = element("h3", "", chosen ? capital(chosen.label) : "No recommendation");
  title.append(" ", badge(decision.risk));
  card.append(title, ...[figures(decision), options(decision)].filter(Boolean));

  const sides = element("div", "sides");
  sides.append(...[evidence("For", decision.for), evidence("Against", decision.against)].filter(Boolean));
  card.append(sides, ...[
    texts("What would change it", decision.sensitivity.length > 0 ? decision.sensitivity.map(one => one.text) : decision.wouldChange, "changes"),
    texts("Not known", decision.missing, "unknown"),
    folded("Assumptions", decision.assumptions),
  ].filter(Boolean));
}

function badge(risk) {
  return element("span", `badge ${risk}`, `${risk} risk`);
}

function figures(decision) {
  const list = element("dl", "figures");
  const add = (name, value) => {
    const pair = element("div");
    pair.append(element("dt", "", name), element("dd", "", value));
    list.append(pair);
  };
  add("Confidence", percent(decision.confidence));
  if (decision.knownWeight) {
    add("Evidence known", percent(decision.knownWeight));
  }
  if (decision.expectedValue) {
    add("Expected value, one year", money(decision.expectedValue));
  }
  if (decision.expectedBenefit && decision.expectedCost) {
    add("Benefit and cost", `${money(decision.expectedBenefit)} − ${money(decision.expectedCost)}`);
  }
  return list;
}

function options(decision) {
  if (decision.options.length < 2) {
    return null;
  }

  const list = element("ul", "options");
  list.setAttribute("aria-label", "Options with their weighed scores, from -1 to 1");
  list.append(...decision.options.map(option => {
    const item = element("li", option.name === decision.recommended ? "chosen" : "");
    const meter = element("meter");
    [meter.min, meter.max, meter.value] = [-1, 1, option.score];
    meter.setAttribute("aria-label", `Score of ${option.label}`);
    item.append(element("span", "", capital(option.label)), meter, element("span", "score", option.score.toFixed(2)));
    return item;
  }));
  return list;
}

// The bar is the share of the weight; how strongly it speaks is in the words.
function evidence(title, considerations) {
  if (considerations.length === 0) {
    return null;
  }

  const part = element("section");
  const list = element("ul", "evidence");
  list.append(...considerations.map(one => {
    const item = element("li", "", one.text);
    const weight = element("small", "", `weight ${percent(one.weight)}${one.sourceId ? ` · ${one.sourceId}` : ""}`);
    item.append(" ", weight);
    return item;
  }));
  part.append(element("h4", "", title), list);
  return part;
}

function texts(title, sentences, className) {
  if (sentences.length === 0) {
    return null;
  }

  const part = element("section", className);
  const list = element("ul");
  list.append(...sentences.map(text => element("li", "", text)));
  part.append(element("h4", "", title), list);
  return part;
}

function folded(title, sentences) {
  const part = texts(title, sentences, "");
  if (!part) {
    return null;
  }

  part.querySelector("h4").remove();
  return details(`${sentences.length} ${title.toLowerCase()}`, part);
}
