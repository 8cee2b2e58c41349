// Builders that the page's parts share. Text always goes in as text.
export function element(tag, className = "", text = "") {
  const created = document.createElement(tag);
  if (className) {
    created.className = className;
  }
  created.textContent = text;
  return created;
}

export function button(text, run, label = "") {
  const created = element("button", "", text);
  created.type = "button";
  if (label) {
    created.setAttribute("aria-label", label);
    created.title = label;
  }
  created.addEventListener("click", run);
  return created;
}

export function details(summary, ...content) {
  const created = element("details");
  created.append(element("summary", "", summary), ...content);
  return created;
}

// A wide table scrolls by itself, also by keyboard, and leaves the page as wide as it is.
export function table(columns, rows, label) {
  const created = element("table");
  const head = created.createTHead().insertRow();
  for (const column of columns) {
    const cell = element("th", "", column);
    cell.scope = "col";
    head.append(cell);
  }
  const body = created.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const value of row) {
      line.insertCell().textContent = value ?? "–";
    }
  }
  const frame = element("div", "scrolls");
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", label);
  frame.append(created);
  return frame;
}

export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// Never rounded to certainty or to nothing.
export function percent(share) {
  const whole = Math.round(share * 100);
  return whole === 100 && share < 1 ? "> 99 %" : whole === 0 && share > 0 ? "< 1 %" : `${whole} %`;
}

export function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

export function money(amount) {
  return new Intl.NumberFormat(undefined, { style: "currency", currency: amount.currency }).format(Number(amount.amount));
}
