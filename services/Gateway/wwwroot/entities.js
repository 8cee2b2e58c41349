import { api } from "./api.js";

const kinds = { exact: "", alias: "known as", acronym: "initials", fuzzy: "likely", conversation: "from before", number: "" };

// Resolved entities as chips. One that a stored name settled can be taken back.
export function entityChips(entities) {
  return entities.map(entity => {
    const chip = document.createElement("span");
    chip.className = `chip ${entity.matchType ?? ""}`;
    chip.title = [`${entity.type} ${entity.id}`, `${entity.matchType} match`, ...(entity.explanation ?? [])].join("\n");
    chip.append(entity.name);
    const how = kinds[entity.matchType];
    if (how) {
      const note = document.createElement("small");
      note.textContent = entity.matchType === "alias" && entity.mention ? `${how} “${entity.mention}”` : how;
      chip.append(note);
    }
    if (entity.aliasId) {
      chip.append(forgetButton(entity, chip));
    }
    return chip;
  });
}

// Candidates of a question back: buttons, numbered; the digit, the arrows and Enter choose.
export function candidateButtons(candidates, choose) {
  const buttons = candidates.map(candidate => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(candidate.name);
    const details = document.createElement("small");
    details.textContent = [`${candidate.number}`, ...Object.entries(candidate.distinguishing).map(([key, value]) => `${key}: ${value}`)].join(" · ");
    button.append(details);
    button.addEventListener("click", () => choose(candidate));
    return button;
  });
  buttons.forEach((button, index) => button.addEventListener("keydown", event => {
    const digit = Number(event.key);
    const next = { ArrowRight: index + 1, ArrowDown: index + 1, ArrowLeft: index - 1, ArrowUp: index - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (next !== undefined) {
      buttons[(next + buttons.length) % buttons.length].focus();
      event.preventDefault();
    } else if (digit >= 1 && digit <= buttons.length) {
      buttons[digit - 1].click();
      event.preventDefault();
    }
  }));
  return buttons;
}

function forgetButton(entity, chip) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", `Forget that “${entity.mention}” means ${entity.name}`);
  button.title = button.getAttribute("aria-label");
  button.addEventListener("click", async () => {
    button.disabled = true;
    const response = await api(`api/entities/aliases/${encodeURIComponent(entity.aliasId)}`, { method: "DELETE" });
    if (response.ok || response.status === 404) {
      chip.classList.add("forgotten");
      chip.querySelector("small").textContent = "forgotten";
      button.remove();
    } else {
      button.disabled = false;
    }
  });
  return button;
}
