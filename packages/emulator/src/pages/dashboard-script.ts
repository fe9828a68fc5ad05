/** Rows of requests that a page shows at most. */
export const maxRows = 200;

/**
 * Shows what the feed sends: HTML that the server has escaped. Without scripts the page shows the
 * state at its load.
 */
export const dashboardScript = `
const $ = (id) => document.getElementById(id);
const fragment = (html) => document.createRange().createContextualFragment(html);
function showRow({ number, row }) {
  const body = $("requests");
  const added = document.createElement("tbody");
  added.innerHTML = row;
  const old = $("request-" + number);
  if (old) return old.replaceWith(added.firstElementChild);
  added.firstElementChild.classList.add("new");
  body.prepend(added.firstElementChild);
  $("none").hidden = true;
  while (body.rows.length > ${String(maxRows)}) body.lastElementChild.remove();
}
function showAll({ directory, rows }) {
  $("directory").replaceChildren(fragment(directory));
  $("requests").innerHTML = rows;
  $("none").hidden = rows !== "";
}
const feed = new EventSource("events");
const status = (text, isLost) => { $("status").textContent = text; $("status").className = isLost ? "lost" : ""; };
feed.onopen = () => status("Live", false);
feed.onerror = () => status("The emulator does not answer. Trying again.", true);
feed.addEventListener("all", ({ data }) => showAll(JSON.parse(data)));
feed.addEventListener("directory", ({ data }) => $("directory").replaceChildren(fragment(JSON.parse(data))));
feed.addEventListener("requests", ({ data }) => JSON.parse(data).forEach(showRow));
`;
