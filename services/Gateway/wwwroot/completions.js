import { api } from "./api.js";

// Completes names as they are typed, in capitals or not: the words before the caret are looked up, the longest run first. A combobox
// with a listbox: arrows choose, Enter or Tab takes, Escape closes.
const longest = 4;
const ordinary = new Set(("a an and any are as at average be both by can change compare could customer customers decision did do does doing for from get give had has have "
  + "hello help hi how i in invoice invoices is it its last late list long many me month more most much next of on open or order orders our overdue owe owes paid pattern "
  + "patterns pay payment payments paying pays please quarter remember should show status tell terms than that the their them they this to total us versus was we week what "
  + "when where which who why will with would year you").split(" "));

export function completeNames(input, list) {
  let timer = 0;
  let latest = 0;
  let selected = -1;
  let span = null;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, 100);
  });
  input.addEventListener("blur", () => setTimeout(hide, 150));
  input.addEventListener("keydown", event => {
    if (list.hidden || event.isComposing) {
      return;
    }

    const options = [...list.children];
    switch (event.key) {
      case "ArrowDown": select((selected + 1) % options.length); break;
      case "ArrowUp": select((selected - 1 + options.length) % options.length); break;
      case "Tab": case "Enter":
        if (selected < 0) {
          hide();
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
    const mine = ++latest;
    for (const typed of runs(before)) {
      let names = [];
      try {
        const response = await api(`api/entities/suggest?limit=6&q=${encodeURIComponent(typed)}`);
        names = response.ok ? await response.json() : [];
      } catch {
        hide();
        return;
      }

      if (mine !== latest) {
        return;
      }

      if (names.length > 0) {
        span = { start: before.length - typed.length, end: before.length };
        show(names.some(name => name.name === typed) ? [] : names);
        return;
      }
    }

    hide();
  }

  // "status of delta ind" gives "delta ind", then "ind": ordinary words begin no name in small letters.
  function* runs(before) {
    const match = /(?:^|[\s"“'(])((?:[\p{L}\p{N}&.'’-]+\s){0,3}[\p{L}\p{N}&.'’-]{2,})$/u.exec(before);
    const words = match ? match[1].split(/\s/) : [];
    for (let from = Math.max(0, words.length - longest); from < words.length; from++) {
      const typed = words.slice(from).join(" ");
      if (typed.length >= 3 && !ordinary.has(words[from].toLowerCase())) {
        yield typed;
      }
    }
  }

  function show(names) {
    // What was chosen with the arrows stays chosen when names for more letters come.
    const chosen = selected < 0 || list.hidden ? undefined : list.children[selected].dataset.entity;
    list.replaceChildren(...names.map((name, index) => {
      const option = document.createElement("div");
      option.id = `completion-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = name.name;
      option.dataset.entity = name.id;
      const details = document.createElement("small");
      details.textContent = Object.values(name.distinguishing).join(" · ") || name.id;
      option.append(details);
      // The caret stays where it is.
      option.addEventListener("mousedown", event => event.preventDefault());
      option.addEventListener("click", () => {
        // What was typed of the word since the names came goes with it.
        const typed = /^[\p{L}\p{N}&.'’-]*/u.exec(input.value.slice(span.end))[0].length;
        input.setRangeText(name.name, span.start, span.end + typed, "end");
        hide();
        input.focus();
      });
      return option;
    }));
    selected = -1;
    list.hidden = names.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    const again = names.findIndex(name => name.id === chosen);
    if (again >= 0) {
      select(again);
    }
  }

  function select(index) {
    selected = index;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    input.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index].scrollIntoView({ block: "nearest" });
  }

  function hide() {
    latest++;
    list.hidden = true;
    selected = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}
