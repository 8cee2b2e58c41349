import { api } from "./api.js";
import { button, element } from "./dom.js";

// Thumbs below an answer; down asks why. The last word counts.
export function feedbackOf(requestId) {
  const part = element("div", "feedback");
  part.setAttribute("role", "group");
  part.setAttribute("aria-label", "Was this answer useful?");
  const said = element("span", "said");
  said.setAttribute("role", "status");
  const up = button("", () => give("up"), "Useful");
  const down = button("", () => give("down"), "Not useful");
  up.append(thumb(false));
  down.append(thumb(true));
  const why = element("form", "why");
  why.hidden = true;
  const comment = element("input");
  comment.maxLength = 2000;
  comment.placeholder = "What was wrong?";
  comment.setAttribute("aria-label", "What was wrong?");
  const send = element("button", "", "Send");
  why.append(comment, send);
  why.addEventListener("submit", event => {
    event.preventDefault();
    give("down", comment.value.trim());
  });
  part.append(up, down, why, said);
  return part;

  async function give(verdict, text = "") {
    said.textContent = "";
    const kept = await post(requestId, verdict, text);
    if (!kept) {
      said.textContent = "Could not be kept; please try again.";
      return;
    }

    up.setAttribute("aria-pressed", String(verdict === "up"));
    down.setAttribute("aria-pressed", String(verdict === "down"));
    why.hidden = verdict === "up" || text.length > 0;
    said.textContent = "Thank you.";
    if (!why.hidden) {
      comment.focus();
    }
  }
}

// Drawn, because not every machine has a font with this sign.
function thumb(turned) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M3 10h4v11H3zM9 21V10l4-8c1.6 0 2.5 1 2.2 2.6L14.4 9H20c1.3 0 2.2 1.2 1.9 2.4l-1.9 8c-.2 1-1 1.6-2 1.6z");
  if (turned) {
    path.setAttribute("transform", "rotate(180 12 12)");
  }
  drawing.append(path);
  return drawing;
}

// The answer is stored in the background: a judgement in the first moment waits for that.
async function post(requestId, verdict, comment) {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      const response = await api(`api/answers/${encodeURIComponent(requestId)}/feedback`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ verdict, comment }),
      });
      if (response.status !== 404) {
        return response.ok;
      }
    } catch {
      return false;
    }
    await new Promise(resolve => setTimeout(resolve, 500));
  }
  return false;
}
