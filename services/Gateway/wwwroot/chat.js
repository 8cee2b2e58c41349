import { api } from "./api.js";
import { readEvents } from "./events.js";
import { showAnswer, showStage, showText, showEntities, showError } from "./answer.js";
import { completeNames } from "./completions.js";

const log = document.getElementById("log");
const form = document.getElementById("ask");
const query = document.getElementById("query");
const send = document.getElementById("send");
const status = document.getElementById("status");

const examples = [
  "What is the status of Delta Industries?",
  "Should we extend payment terms to Delta Industries?",
  "What patterns do you see with Delta Industries?",
  "How many invoices are overdue?",
];

let sessionId = null;
let running = null;

for (const example of examples) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = example;
  button.addEventListener("click", () => ask(example));
  document.getElementById("examples").append(button);
}

// First, so that Enter takes a completion before it asks.
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

document.getElementById("new").addEventListener("click", () => {
  running?.abort();
  sessionId = null;
  log.querySelectorAll(".question, .answer").forEach(part => part.remove());
  document.getElementById("welcome").hidden = false;
  query.focus();
});

const theme = document.getElementById("theme");
setTheme(localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
theme.addEventListener("click", () => {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem("theme", next);
  setTheme(next);
});

showStatus();
setInterval(showStatus, 15000);

async function ask(text) {
  text = text.trim();
  if (!text || running) {
    return;
  }

  document.getElementById("welcome").hidden = true;
  const question = document.createElement("div");
  question.className = "question";
  question.textContent = text;
  const answer = document.getElementById("answer").content.firstElementChild.cloneNode(true);
  log.append(question, answer);
  query.value = "";
  query.style.height = "auto";
  send.disabled = true;
  running = new AbortController();
  question.scrollIntoView({ block: "start" });

  try {
    const response = await api("api/chat/stream?html=true", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(sessionId ? { query: text, sessionId } : { query: text }),
      signal: running.signal,
    });
    if (!response.ok) {
      throw await problemOf(response);
    }

    let completed = false;
    for await (const { name, data } of readEvents(response.body)) {
      switch (name) {
        case "stage": showStage(answer, data.stage); break;
        case "entities": showEntities(answer, data.entities); break;
        case "delta": showText(answer, data.html); break;
        case "reset": showText(answer, ""); break;
        case "error": throw data;
        case "completed":
          completed = true;
          sessionId = data.response.sessionId;
          showAnswer(answer, data.response, data.html, ask);
          setStatus(data.response.degradation.level, data.response.degradation.missing);
          break;
      }
    }

    if (!completed) {
      throw { title: "The answer broke off", detail: "The connection ended before the answer was complete. Please ask again." };
    }
  } catch (problem) {
    if (problem.name !== "AbortError") {
      showError(answer, problem);
    }
  } finally {
    running = null;
    send.disabled = false;
    answer.setAttribute("aria-busy", "false");
    query.focus({ preventScroll: true });
  }
}

async function problemOf(response) {
  try {
    return await response.json();
  } catch {
    return { title: "The question could not be sent", detail: `The server answered ${response.status}.` };
  }
}

async function showStatus() {
  try {
    const response = await api("api/status");
    const { level, away } = await response.json();
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
}
