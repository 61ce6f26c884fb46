// The page: one network to look at, search, filter and play through its years.

import { choice, filterBoxes, searchBox, timeline } from "./controls.js";
import { prepare, readData, tally } from "./data.js";
import { renderDetails } from "./details.js";
import { draw, show, whole, zoom } from "./drawing.js";
import { make, swatch } from "./elements.js";
import { State } from "./state.js";
import { stringsFor } from "./strings.js";

const UNKNOWN = "#bbbbbb";
const LISTED = 200;
const LEGEND = 14;

const data = readData();
const strings = stringsFor(data);
prepare(data);
const state = new State(data);

/** How nodes look; what it goes by can be chosen. */
const look = {
  colourBy: data.colourBy,
  sizeBy: "size",
  colourOf(node) {
    const value = node[this.colourBy];
    if (value === undefined || value === null) return UNKNOWN;
    return data.colours[this.colourBy]?.[String(value)] ?? UNKNOWN;
  },
  sizeOf(node) {
    if (this.sizeBy === "size") return node.size;
    const [low, high] = ranges.get(this.sizeBy);
    const value = node.measures?.[this.sizeBy] ?? low;
    return high > low ? 3 + 13 * Math.sqrt((value - low) / (high - low)) : 5;
  },
};
const ranges = new Map(
  data.measures.map((name) => {
    const values = data.nodes.map((node) => node.measures?.[name]).filter(Number.isFinite);
    return [name, [Math.min(...values), Math.max(...values)]];
  }),
);

function choose(focus, bring = false) {
  state.change("selection", (s) => {
    s.pointed = null;
    s.selected = focus;
  });
  if (bring && focus?.node && view) show(view.renderer, focus.node);
}

const word = (value) => data.words[value] ?? value.replaceAll("_", " ");
const valueColour = (name) => (value) => data.colours[name]?.[value] ?? UNKNOWN;

const canvas = make("div", {
  id: "canvas",
  tabindex: "0",
  role: "application",
  "aria-label": strings.drawing,
});
const status = make("p", { id: "status", role: "status" });
const details = make("section", { id: "details", "aria-live": "polite" });
const listing = make("ul", { class: "listing" });
const list = make(
  "details",
  { id: "list", toggle: () => renderList() },
  make("summary", {}, strings.asList),
  listing,
);

function renderList() {
  if (!list.open) return;
  const shown = data.nodes
    .filter((node) => state.nodes[node.index])
    .sort((a, b) => b.size - a.size || (a.label < b.label ? -1 : 1));
  listing.replaceChildren(
    ...shown
      .slice(0, LISTED)
      .map((node) =>
        make(
          "li",
          {},
          make(
            "button",
            { type: "button", class: "plain", lang: node.lang, click: () => choose({ node }, true) },
            node.label,
          ),
        ),
      ),
    ...(shown.length > LISTED ? [make("li", {}, strings.more(shown.length - LISTED))] : []),
  );
}

const colourChoices = ["sector", "kind", "case", "community"]
  .filter((name) => name in data.colours)
  .sort((a, b) => (b === data.colourBy) - (a === data.colourBy))
  .map((name) => [name, strings[name]]);
const sizeChoices = [
  ["size", word(data.sizeBy)],
  ...data.measures.filter((name) => !name.endsWith("_expected")).map((name) => [name, word(name)]),
];
const legend = make("ul", { class: "legend", "aria-hidden": "true" });
function renderLegend() {
  const known = tally(data.nodes, look.colourBy).filter(
    ([value]) => value in (data.colours[look.colourBy] ?? {}),
  );
  legend.replaceChildren(
    ...known
      .slice(0, LEGEND)
      .map(([value]) => make("li", {}, swatch(valueColour(look.colourBy)(value)), word(value))),
    ...(known.length > LEGEND ? [make("li", {}, strings.more(known.length - LEGEND))] : []),
  );
}
const relook = (change) => state.change("look", () => change());

document.body.append(
  ...(data.site
    ? [
        make(
          "header",
          { class: "back" },
          make("a", { class: "brand", href: data.site.home }, data.site.name),
          make("a", { href: data.site.back }, "← ", data.site.backText),
        ),
      ]
    : []),
  make(
    "main",
    {},
    make(
      "div",
      { class: "stage" },
      canvas,
      make(
        "div",
        { class: "zoom" },
        ...[
          ["+", strings.zoomIn, () => zoom(view.renderer, 1 / 1.4)],
          ["−", strings.zoomOut, () => zoom(view.renderer, 1.4)],
          ["⤢", strings.reset, () => whole(view.renderer)],
        ].map(([sign, title, click]) =>
          make("button", { type: "button", title, "aria-label": title, click: () => view && click() }, sign),
        ),
      ),
    ),
    make(
      "aside",
      {},
      make("h1", {}, data.title),
      data.description ? make("p", { class: "quiet" }, data.description) : null,
      status,
      searchBox(state, strings, choose),
      details,
      timeline(state, strings),
      make(
        "section",
        { class: "filters", "aria-label": strings.filters },
        filterBoxes(state, "sector", data.nodes, "sector", strings.sectors, strings, valueColour("sector")),
        filterBoxes(state, "kind", data.nodes, "kind", strings.kinds, strings, valueColour("kind")),
        filterBoxes(state, "tie", data.edges, "kind", strings.ties, strings, data.colours.tie && valueColour("tie")),
      ),
      make(
        "section",
        { class: "look" },
        colourChoices.length > 1
          ? choice("colour-by", strings.colourBy, colourChoices, (value) =>
              relook(() => (look.colourBy = value)),
            )
          : null,
        legend,
        sizeChoices.length > 1
          ? choice("size-by", strings.sizeBy, sizeChoices, (value) =>
              relook(() => (look.sizeBy = value)),
            )
          : null,
      ),
      list,
      make(
        "details",
        { class: "about" },
        make("summary", {}, strings.about),
        make("p", {}, strings.aboutText),
      ),
    ),
  ),
);

const view = draw(canvas, state, look);
if (!view) {
  canvas.replaceChildren(make("p", { class: "hint" }, strings.noGraphics));
  list.open = true;
}

const tell = () => {
  status.textContent = strings.shown(
    state.counts[0],
    data.nodes.length,
    state.counts[1],
    data.edges.length,
  );
  renderList();
};
const explain = () => renderDetails(details, state, look, strings, (focus) => choose(focus, true));
state.addEventListener("filter", tell);
state.addEventListener("look", renderLegend);
for (const event of ["filter", "selection", "look"]) state.addEventListener(event, explain);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") choose(null);
});
tell();
explain();
renderLegend();

const wanted = decodeURIComponent(location.hash.slice(1));
const linked = wanted && data.nodes.find((node) => node.id === wanted);
if (linked) choose({ node: linked }, true);

// For those who open the console.
globalThis.govgraphExplorer = { data, state, view };
