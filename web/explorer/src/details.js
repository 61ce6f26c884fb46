// What is known of a node or a tie, and the passages behind it.

import { idText, yearsText } from "./data.js";
import { make, swatch } from "./elements.js";

const MOST = 60;
const CHANCE = /_(expected|z)$/; // of a measure, beside random networks

/** Fills `panel` with what the state is about. */
export function renderDetails(panel, state, look, strings, choose) {
  const { focus } = state;
  if (!focus) {
    panel.replaceChildren(make("p", { class: "hint" }, strings.selection));
    return;
  }
  const release = state.selected
    ? make("button", { type: "button", class: "plain", click: () => choose(null) }, strings.clear)
    : null;
  panel.replaceChildren(
    ...(focus.node
      ? nodeDetails(focus.node, state, look, strings, choose)
      : edgeDetails(focus.edge, state, strings, choose)),
    ...(release ? [release] : []),
  );
}

function nodeDetails(node, state, look, strings, choose) {
  const { words } = state.data;
  const word = (value) =>
    value
      ? String(value).split(" + ").map((part) => words[part] ?? part.replaceAll("_", " ")).join(", ")
      : "";
  const name = (value) => words[value] ?? (/^[\w-]+\/\S+$/.test(value) ? idText(value) : word(value));
  const list = (text) => text.split(", ").map(name).join(", ");
  const facts = [
    [strings.kind, word(node.kind)],
    [strings.sector, word(node.sector)],
    [strings.case, word(node.case)],
    [strings.years, yearsText(node.spells)],
    [strings.community, node.community],
    ...measured(node, strings).map(([name, value]) => [word(name), value]),
    ...(node.facts ?? []).filter(([name]) => !CHANCE.test(name)).map(([name, value]) => [word(name), list(value)]),
  ].filter(([, value]) => value !== "" && value !== undefined && value !== null);
  const ties = node.ties.filter((edge) => state.edges[edge.index]);
  return [
    make("h2", { lang: node.lang }, swatch(look.colourOf(node)), node.label),
    make("p", { class: "id" }, pageLink(node.id, node.id, state.data)),
    factList(facts),
    passageList(node.passages, state.data, strings),
    make("h3", {}, strings.neighbours(ties.length)),
    tieList(node, ties, state, strings, choose),
  ];
}

/** Measures, each with what chance gives of it, where that is known. */
function measured({ measures = {}, facts = [] }, strings) {
  const known = { ...Object.fromEntries(facts), ...measures };
  return Object.entries(measures)
    .filter(([name]) => !CHANCE.test(name))
    .map(([name, value]) => {
      const expected = known[`${name}_expected`];
      const z = known[`${name}_z`];
      return [name, expected === undefined ? value : strings.chance(value, expected, z ?? "–")];
    });
}

function edgeDetails(edge, state, strings, choose) {
  const { nodes, directed } = state.data;
  const end = (index) => nodeButton(nodes[index], choose);
  return [
    make("h2", { class: "tie" }, end(edge.source), directed ? " → " : " – ", end(edge.target)),
    tieFacts(edge, state, strings),
  ];
}

function factList(facts) {
  const list = make("dl");
  for (const [name, value] of facts) {
    list.append(make("dt", {}, String(name)), make("dd", {}, String(value)));
  }
  return list;
}

/** A text, linked to the page of an id where the network is part of a site. */
function pageLink(id, text, data) {
  const href = data.site?.pages[id];
  return href ? make("a", { href }, text) : text;
}

function passageList(passages, data, strings) {
  if (!passages?.length) return null;
  const items = passages.slice(0, MOST).map((id) => make("li", {}, make("code", {}, pageLink(id, id, data))));
  const rest = passages.length - items.length;
  if (rest > 0) items.push(make("li", {}, strings.more(rest)));
  return make(
    "div",
    { class: "passages" },
    make("h4", {}, strings.passages),
    make("ul", {}, ...items),
  );
}

function tieList(node, ties, state, strings, choose) {
  const { nodes, directed } = state.data;
  const ordered = [...ties].sort((a, b) => (b.weight ?? 1) - (a.weight ?? 1) || a.index - b.index);
  const list = make("ul", { class: "ties" });
  for (const edge of ordered.slice(0, MOST)) {
    const other = nodes[edge.source === node.index ? edge.target : edge.source];
    const arrow = directed ? (edge.source === node.index ? "→ " : "← ") : "";
    list.append(make("li", {}, arrow, nodeButton(other, choose), tieFacts(edge, state, strings)));
  }
  if (ordered.length > MOST) list.append(make("li", {}, strings.more(ordered.length - MOST)));
  return list;
}

function tieFacts(edge, state, strings) {
  const { words } = state.data;
  const parts = [
    edge.kind ? (words[edge.kind] ?? edge.kind) : "",
    ...(edge.facts ?? []).map(([name, value]) => `${words[name] ?? name}: ${words[value] ?? value}`),
    edge.weight === undefined ? "" : `${strings.weight} ${edge.weight}`,
    yearsText(edge.spells),
  ].filter(Boolean);
  const shared = (edge.shared ?? []).flatMap((id, place) => [
    place ? "; " : `${strings.shared}: `,
    pageLink(id, words[id] ?? idText(id), state.data),
  ]);
  return make(
    "div",
    { class: "tie-facts" },
    make("p", {}, parts.join(" · ")),
    shared.length ? make("p", {}, ...shared) : null,
    passageList(edge.passages, state.data, strings),
  );
}

function nodeButton(node, choose) {
  const click = () => choose({ node });
  return make("button", { type: "button", class: "plain", lang: node.lang, click }, node.label);
}
