import { api } from "./api.js";
import { details, element, plural, table } from "./dom.js";

const mostRows = 50;

// Where figures come from: each source with its tables; opened, a table shows the rows themselves and the SQL.
export function showSources(part, sources) {
  part.hidden = sources.length === 0;
  part.querySelector("summary").textContent = plural(sources.length, "source");
  part.querySelector("ol").replaceChildren(...sources.map(source => {
    const item = element("li");
    item.dataset.source = source.id;
    item.tabIndex = -1;
    item.append(
      element("span", "source-id", source.id), " ",
      element("span", "title", `${source.title}${source.stale ? " (older copy)" : ""}`),
      ...source.evidence.map(evidence => evidenceOf(evidence, source.sqlSources)));
    return item;
  }));
}

// "[s1]" in a text becomes a button that opens the source.
export function linkSources(text, part) {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) {
    if (/\[s\d+\]/.test(walker.currentNode.data)) {
      nodes.push(walker.currentNode);
    }
  }

  for (const node of nodes) {
    node.replaceWith(...node.data.split(/(\[s\d+\])/).filter(Boolean).map(piece => {
      const id = /^\[(s\d+)\]$/.exec(piece)?.[1];
      const item = id && part.querySelector(`li[data-source="${id}"]`);
      return item ? reference(id, part, item) : piece;
    }));
  }
}

function reference(id, part, item) {
  const link = element("button", "reference", id);
  link.type = "button";
  link.title = item.querySelector(".title").textContent;
  link.setAttribute("aria-label", `Source ${id}: ${link.title}`);
  link.addEventListener("click", () => {
    part.open = true;
    item.querySelector("details")?.setAttribute("open", "");
    item.focus();
  });
  return link;
}

function evidenceOf(evidence, sqlSources) {
  const rows = element("div", "rows");
  const part = details(`${evidence.table}: ${plural(evidence.totalRows, "row")}`, rows);
  if (evidence.sql) {
    part.append(details("SQL", element("pre", "", sqlSources ? `${sqlSources}\n${evidence.sql}` : evidence.sql)));
  }
  part.addEventListener("toggle", () => {
    if (part.open && rows.childElementCount === 0) {
      showRows(rows, evidence);
    }
  });
  return part;
}

async function showRows(place, evidence) {
  const ids = evidence.rowIds.slice(0, mostRows);
  if (ids.length === 0 || !evidence.table.startsWith("domain.")) {
    place.replaceChildren(element("p", "ids", evidence.rowIds.join(", ") || "No rows are listed."));
    return;
  }

  place.replaceChildren(element("p", "ids", "Reading the rows…"));
  try {
    const query = new URLSearchParams([["table", evidence.table], ...ids.map(id => ["id", id])]);
    const response = await api(`api/rows?${query}`);
    if (!response.ok) {
      throw new Error(String(response.status));
    }

    const found = await response.json();
    place.replaceChildren(table(found.columns, found.rows, `Rows of ${evidence.table}`));
    if (evidence.totalRows > ids.length) {
      place.append(element("p", "ids", `The first ${ids.length} of ${evidence.totalRows}; the SQL gives all.`));
    }
  } catch {
    place.replaceChildren(element("p", "ids", `The rows cannot be read just now: ${ids.join(", ")}`));
  }
}
