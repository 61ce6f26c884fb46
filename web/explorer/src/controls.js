// Search, filters, years, colours and sizes.

import { plain, tally } from "./data.js";
import { make, swatch } from "./elements.js";

const MOST_FOUND = 12;
const TICK = 700; // milliseconds a year lasts while playing

/** A search field whose results can be walked with the arrow keys. */
export function searchBox(state, strings, choose) {
  const list = make("ul", { id: "found", role: "listbox", "aria-label": strings.search, hidden: true });
  const status = make("p", { class: "quiet", role: "status", id: "found-status" });
  const input = make("input", {
    id: "search",
    type: "search",
    role: "combobox",
    autocomplete: "off",
    placeholder: strings.searchHint,
    "aria-controls": "found",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
  });
  let matches = [];
  let active = -1;

  const mark = (place) => {
    active = place;
    [...list.children].forEach((item, index) =>
      item.setAttribute("aria-selected", String(index === active)),
    );
    if (active >= 0) input.setAttribute("aria-activedescendant", `found-${active}`);
    else input.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  };
  const take = (node) => {
    input.value = node.label;
    close();
    choose({ node }, true);
  };
  const find = () => {
    const wanted = plain(input.value.trim());
    const found = wanted
      ? state.data.nodes.filter((node) => state.nodes[node.index] && node.plain.includes(wanted))
      : [];
    matches = found
      .sort((a, b) => b.plain.startsWith(wanted) - a.plain.startsWith(wanted) || b.size - a.size)
      .slice(0, MOST_FOUND);
    list.replaceChildren(
      ...matches.map((node, index) =>
        make(
          "li",
          {
            id: `found-${index}`,
            role: "option",
            "aria-selected": "false",
            // Before the field loses the focus, which would close the list.
            pointerdown: (event) => {
              event.preventDefault();
              take(node);
            },
          },
          node.label,
        ),
      ),
    );
    status.textContent = wanted ? (found.length ? strings.found(found.length) : strings.nothing) : "";
    list.hidden = matches.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(-1);
  };
  input.addEventListener("input", find);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && matches.length) take(matches[Math.max(active, 0)]);
    else if (event.key === "ArrowDown") mark(Math.min(active + 1, matches.length - 1));
    else if (event.key === "ArrowUp") mark(Math.max(active - 1, 0));
    else return;
    event.preventDefault();
  });
  return make("div", { class: "search" }, make("label", { for: "search" }, strings.search), input, list, status);
}

/** Tick boxes for the values of an attribute; null where there is only one. */
export function filterBoxes(state, name, items, attribute, title, strings, colourOf) {
  const values = tally(items, attribute);
  // The colours of ties are told here alone, also where there is one.
  if (values.length < (name === "tie" && colourOf ? 1 : 2)) return null;
  const { words } = state.data;
  const boxes = values.map(([value, count]) => {
    const box = make("input", { type: "checkbox", checked: true, name, value });
    box.addEventListener("change", () =>
      state.change("filter", (s) => s.hidden[name][box.checked ? "delete" : "add"](value)),
    );
    return make(
      "label",
      {},
      box,
      colourOf ? swatch(colourOf(value)) : null,
      value === "" ? strings.any : (words[value] ?? value),
      make("span", { class: "quiet" }, ` ${count}`),
    );
  });
  const setAll = (shown) => () => {
    for (const label of boxes) label.querySelector("input").checked = shown;
    state.change("filter", (s) => {
      s.hidden[name] = new Set(shown ? [] : values.map(([value]) => value));
    });
  };
  return make(
    "details",
    { open: values.length <= 14, class: "filter", "data-filter": name },
    make("summary", {}, title),
    make(
      "fieldset",
      {},
      make("legend", { class: "unseen" }, title),
      make(
        "p",
        { class: "all" },
        make("button", { type: "button", class: "plain", click: setAll(true) }, strings.all),
        make("button", { type: "button", class: "plain", click: setAll(false) }, strings.none),
      ),
      ...boxes,
    ),
  );
}

/** Two sliders for the years, with how many ties (or, of undated ties, nodes) each has, and a button that plays them. */
export function timeline(state, strings) {
  if (!state.years) return null;
  const [first, last] = state.data.years;
  const slider = (id, value) =>
    make("input", { type: "range", id, min: first, max: last, value, step: 1 });
  const from = slider("from", first);
  const to = slider("to", last);
  const shown = [make("output", { for: "from" }), make("output", { for: "to" })];
  const undated = make("input", { type: "checkbox", id: "undated", checked: true });
  const play = make("button", { type: "button", id: "play" }, strings.play);
  const bars = yearBars(state.data, first, last);
  let clock = null;

  const tell = () => {
    [from, to].forEach((each, place) => (shown[place].textContent = each.value));
    bars.mark(Number(from.value), Number(to.value));
  };
  const apply = () => {
    tell();
    state.change("filter", (s) => {
      s.years = [Number(from.value), Number(to.value)];
      s.undated = undated.checked;
    });
  };
  const stop = () => {
    clearInterval(clock);
    clock = null;
    play.textContent = strings.play;
  };
  const step = () => {
    if (Number(to.value) >= last) stop();
    else {
      to.value = String(Number(to.value) + 1);
      apply();
    }
  };
  from.addEventListener("input", () => {
    if (Number(from.value) > Number(to.value)) to.value = from.value;
    apply();
  });
  to.addEventListener("input", () => {
    if (Number(to.value) < Number(from.value)) from.value = to.value;
    apply();
  });
  undated.addEventListener("change", apply);
  play.addEventListener("click", () => {
    if (clock !== null) {
      stop();
      return;
    }
    if (Number(to.value) >= last) to.value = from.value;
    apply();
    play.textContent = strings.pause;
    clock = setInterval(step, TICK);
  });
  tell();
  return make(
    "section",
    { class: "timeline", "aria-label": strings.timeline },
    bars.element,
    make("label", { for: "from" }, strings.from, " ", shown[0]),
    from,
    make("label", { for: "to" }, strings.to, " ", shown[1]),
    to,
    make("div", { class: "row" }, play, make("label", {}, undated, strings.undated)),
  );
}

function yearBars(data, first, last) {
  const svg = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const years = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const there = (year) => ({ spells }) =>
    spells?.some(([start, end]) => (start ?? -Infinity) <= year && (end ?? Infinity) >= year);
  const dated = data.edges.some(({ spells }) => spells) ? data.edges : data.nodes;
  const counts = years.map((year) => dated.filter(there(year)).length);
  const most = Math.max(...counts, 1);
  const element = svg("svg", {
    viewBox: `0 0 ${years.length} 10`,
    preserveAspectRatio: "none",
    class: "bars",
    "aria-hidden": "true",
  });
  const bars = counts.map((count, index) =>
    svg("rect", { x: index, y: 10 - (10 * count) / most, width: 0.9, height: (10 * count) / most }),
  );
  element.append(...bars);
  const mark = (from, to) =>
    bars.forEach((bar, index) =>
      bar.classList.toggle("out", years[index] < from || years[index] > to),
    );
  return { element, mark };
}

/** A choice with a label. */
export function choice(id, title, options, change) {
  const select = make(
    "select",
    { id, change: () => change(select.value) },
    ...options.map(([value, text]) => make("option", { value }, text)),
  );
  return make("p", { class: "choice" }, make("label", { for: id }, title), select);
}
