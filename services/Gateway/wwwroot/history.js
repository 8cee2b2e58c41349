import { api } from "./api.js";
import { button, element, plural } from "./dom.js";

// The user's conversations in a dialog: open one, take it away as a file, delete it.
export function setUpHistory(dialog, open, deleted) {
  const list = dialog.querySelector("ul");
  const more = dialog.querySelector(".more");
  const told = dialog.querySelector("[role=status]");
  let token = null;

  more.addEventListener("click", load);
  return async () => {
    list.replaceChildren();
    token = null;
    dialog.showModal();
    await load();
  };

  async function load() {
    told.textContent = "Reading…";
    more.hidden = true;
    try {
      const response = await api(`api/conversations?size=20${token ? `&token=${encodeURIComponent(token)}` : ""}`);
      const page = await response.json();
      if (!response.ok) {
        throw new Error(page.detail);
      }
      list.append(...page.conversations.map(entry));
      token = page.nextToken;
      more.hidden = !token;
      told.textContent = list.childElementCount === 0 ? "Nothing has been asked yet." : "";
    } catch (failure) {
      told.textContent = failure.message || "The conversations cannot be read just now.";
    }
  }

  function entry(conversation) {
    const item = element("li");
    const title = button(conversation.title || conversation.sessionId, async () => {
      dialog.close();
      await open(conversation.sessionId);
    });
    title.className = "title";
    const when = conversation.updatedAt ? new Date(conversation.updatedAt).toLocaleString() : "";
    title.append(element("small", "", `${when} · ${plural(conversation.turns, "turn")}`));
    const name = conversation.title || conversation.sessionId;
    item.append(
      title,
      button("Markdown", () => save(conversation.sessionId, "markdown"), `Save “${name}” as Markdown`),
      button("JSON", () => save(conversation.sessionId, "json"), `Save “${name}” as JSON`),
      button("Delete", event => remove(event.currentTarget, conversation, item), `Delete “${name}”`));
    return item;
  }

  async function save(sessionId, format) {
    const response = await api(`api/conversations/${encodeURIComponent(sessionId)}/export?format=${format}`);
    if (!response.ok) {
      told.textContent = "It cannot be exported just now.";
      return;
    }

    // With a key in a header a plain link would not do.
    const link = element("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = /filename="?([^";]+)/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? `conversation.${format === "json" ? "json" : "md"}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    told.textContent = `Saved ${link.download}.`;
  }

  // The first press asks, the second deletes.
  async function remove(pressed, conversation, item) {
    if (pressed.textContent === "Delete") {
      pressed.textContent = "Sure?";
      setTimeout(() => { pressed.textContent = "Delete"; }, 4000);
      return;
    }

    const response = await api(`api/conversations/${encodeURIComponent(conversation.sessionId)}`, { method: "DELETE" });
    if (response.ok || response.status === 404) {
      const next = item.nextElementSibling ?? item.previousElementSibling;
      item.remove();
      told.textContent = "Deleted.";
      (next?.querySelector("button") ?? dialog.querySelector(".close")).focus();
      deleted(conversation.sessionId);
    } else {
      told.textContent = "It cannot be deleted just now.";
    }
  }
}
