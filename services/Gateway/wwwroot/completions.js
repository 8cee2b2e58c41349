import { api } from "./api.js";

// Completes the word at the caret that begins with a capital, from the registry of names.
export function completeNames(input, list) {
  let timer = 0;
  let latest = 0;
  let selected = -1;
  let span = null;

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, 120);
  });
  input.addEventListener("blur", () => setTimeout(hide, 150));
  input.addEventListener("keydown", event => {
    if (list.hidden) {
      return;
    }

    const options = [...list.children];
    switch (event.key) {
      case "ArrowDown": select((selected + 1) % options.length); break;
      case "ArrowUp": select((selected - 1 + options.length) % options.length); break;
      case "Tab": case "Enter":
        if (selected < 0) {
          return;
        }
        options[selected].click();
        break;
      case "Escape": hide(); break;
      default: return;
    }
    event.preventDefault();
  });

  async function suggest() {
    const before = input.value.slice(0, input.selectionStart);
    const match = /(?:^|\s)(\p{Lu}[\p{L}\p{N}&.'-]+(?:\s\p{Lu}[\p{L}\p{N}&.'-]*)*)$/u.exec(before);
    if (!match || match[1].length < 3) {
      hide();
      return;
    }

    const mine = ++latest;
    try {
      const response = await api(`api/entities/suggest?limit=6&q=${encodeURIComponent(match[1])}`);
      const names = response.ok ? await response.json() : [];
      if (mine !== latest) {
        return;
      }
      span = { start: before.length - match[1].length, end: before.length };
      show(names.filter(name => name.name !== match[1]));
    } catch {
      hide();
    }
  }

  function show(names) {
    list.replaceChildren(...names.map(name => {
      const option = document.createElement("div");
      option.setAttribute("role", "option");
      option.textContent = name.name;
      const details = document.createElement("small");
      details.textContent = Object.values(name.distinguishing).join(" · ");
      option.append(details);
      option.addEventListener("click", () => {
        input.setRangeText(name.name, span.start, span.end, "end");
        hide();
        input.focus();
      });
      return option;
    }));
    selected = -1;
    list.hidden = names.length === 0;
  }

  function select(index) {
    selected = index;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    list.children[index].scrollIntoView({ block: "nearest" });
  }

  function hide() {
    latest++;
    list.hidden = true;
    selected = -1;
  }
}
