// The answer: yasr, in the language of the page, with links to the pages of this site.

const ATTRIBUTES = ["title", "placeholder", "aria-label"];

/** Turns a link to an IRI of ours into one to its page, written as short as in other answers. */
function bringHome(anchor, link) {
  const iri = anchor.getAttribute("href");
  const home = iri && link(iri); // none, where it would have been a program
  if (!home) return;
  anchor.setAttribute("href", home.address);
  anchor.removeAttribute("target");
  anchor.title = iri;
  if (anchor.textContent !== iri) return; // shortened by a prefix
  anchor.textContent = home.name;
  for (const bracket of [anchor.previousSibling, anchor.nextSibling]) {
    if (/^[<>]$/.test(bracket?.data)) bracket.data = "";
  }
}

/** Makes what the library draws into `container` speak the page's language and link within it. */
function adapt(container, { translate, translateLabel }, link) {
  const adaptText = (node) => {
    if (node.parentElement?.closest("td:not(.dt-empty)")) return; // the reader's data
    const said = translate(node.data);
    if (said !== node.data) node.data = said;
  };
  const adaptElement = (element) => {
    for (const name of ATTRIBUTES) {
      const text = element.getAttribute(name);
      const said = text && translateLabel(text);
      if (said !== text) element.setAttribute(name, said);
    }
    if (element.matches("a.iri")) {
      bringHome(element, link);
    }
  };
  const adaptAll = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = root; node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) adaptText(node);
      else if (!node.closest(".CodeMirror")) adaptElement(node);
    }
  };
  const observer = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "characterData") adaptText(target);
      else if (type === "attributes") adaptElement(target);
      for (const node of addedNodes) if (node.isConnected) adaptAll(node);
    }
  });
  observer.observe(container, {
    attributeFilter: ATTRIBUTES,
    attributes: true,
    characterData: true,
    childList: true,
    subtree: true,
  });
  adaptAll(container);
}

function shownError(strings) {
  return async ({ text }) => {
    const message = document.createElement("p");
    message.className = "error";
    message.setAttribute("role", "alert");
    const unanswered = !text || /^(Failed to fetch|NetworkError|Load failed)/.test(text);
    message.textContent = unanswered ? strings.unreachable : text.trim();
    return message;
  };
}

/** Draws answers into `container`. */
export function resultsIn(container, Yasr, { strings, translations, link, prefixes }) {
  const yasr = new Yasr(container, {
    errorRenderers: [shownError(strings)],
    persistenceId: null,
    prefixes,
  });
  adapt(yasr.rootEl, translations, link);
  return yasr;
}

/** Says in a few words what an answer holds. */
export function told(results, strings) {
  if (results.getError()) return strings.refused;
  if (typeof results.getBoolean() === "boolean") return results.getBoolean() ? strings.yes : strings.no;
  const rows = results.getBindings();
  return rows ? strings.rows(rows.length) : strings.answered;
}
