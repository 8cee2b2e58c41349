import { api } from "./api.js";
import { readEvents } from "./events.js";
import { newAnswer, showAnswer, showEntities, showError, showStage, showText, withdrawText } from "./answer.js";
import { completeNames } from "./completions.js";
import { button, element } from "./dom.js";
import { setUpHistory } from "./history.js";
import { linkDashboard } from "./record.js";

const log = document.getElementById("log");
const form = document.getElementById("ask");
const query = document.getElementById("query");
const send = document.getElementById("send");
const stop = document.getElementById("stop");
const status = document.getElementById("status");

const examples = [
  "What is the status of Delta Industries?",
  "Should we extend payment terms to Delta Industries?",
  "What patterns do you see with Delta Industries?",
  "How many invoices are overdue?",
];

let sessionId = null;
let running = null;

document.getElementById("examples").append(...examples.map(example => button(example, () => ask(example))));

// First, so that Enter takes a completion before it asks, and Escape closes the list before it stops an answer.
completeNames(query, document.getElementById("completions"));

form.addEventListener("submit", event => {
  event.preventDefault();
  ask(query.value);
});

query.addEventListener("keydown", event => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !event.defaultPrevented) {
    event.preventDefault();
    ask(query.value);
  }
});

query.addEventListener("input", () => {
  query.style.height = "auto";
  query.style.height = `${query.scrollHeight}px`;
});

document.addEventListener("keydown", event => {
  if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]")) {
    running?.abort();
  }
});
stop.addEventListener("click", () => running?.abort());
document.getElementById("new").addEventListener("click", begin);

const showHistory = setUpHistory(document.getElementById("history"), reopen, deleted => {
  if (deleted === sessionId) {
    begin();
  }
});
document.getElementById("history-open").addEventListener("click", showHistory);

const theme = document.getElementById("theme");
setTheme(localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
theme.addEventListener("click", () => {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem("theme", next);
  setTheme(next);
});

showStatus();
setInterval(showStatus, 15000);

// A new conversation.
function begin() {
  running?.abort();
  sessionId = null;
  log.querySelectorAll(".question, .answer").forEach(part => part.remove());
  document.getElementById("welcome").hidden = false;
  query.focus();
}

// An earlier conversation, to read on and to continue.
async function reopen(earlier) {
  begin();
  const { question, answer } = addTurn("");
  try {
    const response = await api(`api/conversations/${encodeURIComponent(earlier)}?html=true&size=50`);
    if (!response.ok) {
      throw await problemOf(response);
    }

    const conversation = await response.json();
    question.remove();
    answer.remove();
    sessionId = earlier;
    for (const turn of conversation.recent.toReversed()) {
      showTurn(turn);
    }
  } catch (problem) {
    question.remove();
    showError(answer, problem);
  }
}

function showTurn(turn) {
  const { answer } = addTurn(turn.query);
  answer.setAttribute("aria-busy", "false");
  const recorded = turn.record?.response;
  if (recorded) {
    // The record's words are masked; the conversation has them as they were.
    showAnswer(answer, { ...recorded, answer: turn.answer }, turn.html, ask);
  } else {
    showText(answer, turn.html);
  }
}

function addTurn(text) {
  document.getElementById("welcome").hidden = true;
  const question = element("div", "question", text);
  const answer = newAnswer();
  log.append(question, answer);
  return { question, answer };
}

async function ask(text) {
  text = text.trim();
  if (!text || running) {
    return;
  }

  const { question, answer } = addTurn(text);
  query.value = "";
  query.style.height = "auto";
  setRunning(new AbortController());
  question.scrollIntoView({ block: "start" });

  try {
    const response = await api("api/chat/stream?html=true", {
      method: "POST",
      // A request that is sent twice, by a proxy or by the browser, is answered once.
      headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID?.() ?? String(Math.random()).slice(2) },
      body: JSON.stringify(sessionId ? { query: text, sessionId } : { query: text }),
      signal: running.signal,
    });
    if (!response.ok) {
      throw await problemOf(response);
    }

    if (!await receive(response, answer)) {
      throw { title: "The answer broke off", detail: "The connection ended before the answer was complete. Please ask again." };
    }
  } catch (problem) {
    showError(answer, problem.name === "AbortError" ? { title: "Stopped" } : problem);
  } finally {
    setRunning(null);
    answer.setAttribute("aria-busy", "false");
    query.focus({ preventScroll: true });
  }
}

// Shows events as they come; false when the stream ended without the whole answer.
async function receive(response, answer) {
  for await (const { name, data } of readEvents(response.body)) {
    switch (name) {
      case "stage": showStage(answer, data.stage); break;
      case "entities": showEntities(answer, data.entities); break;
      case "delta": showText(answer, data.html); break;
      case "reset": withdrawText(answer); break;
      case "error": throw data;
      case "completed":
        sessionId = data.response.sessionId;
        showAnswer(answer, data.response, data.html, ask);
        setStatus(data.response.degradation.level, data.response.degradation.missing);
        return true;
    }
  }

  return false;
}

function setRunning(controller) {
  running = controller;
  send.hidden = controller !== null;
  stop.hidden = controller === null;
}

async function problemOf(response) {
  try {
    return await response.json();
  } catch {
    return { title: "The question could not be sent", detail: `The server answered ${response.status}.`, requestId: response.headers.get("x-request-id") };
  }
}

async function showStatus() {
  try {
    const response = await api("api/status");
    const { level, away, dashboard } = await response.json();
    linkDashboard(dashboard);
    setStatus(level, away);
  } catch {
    setStatus("minimal", ["gateway"]);
  }
}

function setStatus(level, missing) {
  const words = { full: "available", limited: "limited", minimal: "minimal", maintenance: "in maintenance" };
  status.className = `pill ${level}`;
  status.textContent = words[level] ?? level;
  status.title = missing.length ? `Away: ${missing.join(", ")}` : "";
}

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  document.dispatchEvent(new Event("themechange"));
}
