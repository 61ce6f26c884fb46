// What is asked for (filters, years, selection), and which nodes and edges answer it.

import { meets, valuesOf } from "./data.js";

export class State extends EventTarget {
  constructor(data) {
    super();
    this.data = data;
    this.hidden = { sector: new Set(), kind: new Set(), tie: new Set() };
    this.years = data.years ? [...data.years] : null;
    this.undated = true;
    this.selected = null; // {node} or {edge}
    this.pointed = null;
    this.refresh();
  }

  /** Changes something and tells those who listen; `what` is "filter", "selection" or "look". */
  change(what, action) {
    action(this);
    if (what === "filter") this.refresh();
    this.dispatchEvent(new Event(what));
  }

  refresh() {
    const { nodes, edges } = this.data;
    const passes = (item, name) =>
      valuesOf(item[name]).some((value) => !this.hidden[name].has(value));
    const timely = (item) =>
      !this.years || meets(item.spells, this.years[0], this.years[1], this.undated);
    this.nodes = nodes.map((node) => passes(node, "sector") && passes(node, "kind") && timely(node));
    this.edges = edges.map(
      (edge) =>
        this.nodes[edge.source] &&
        this.nodes[edge.target] &&
        !this.hidden.tie.has(edge.kind ?? "") &&
        timely(edge),
    );
    this.counts = [this.nodes, this.edges].map((shown) => shown.filter(Boolean).length);
  }

  /** The node or edge to tell of: what is pointed at, else what is chosen. */
  get focus() {
    return this.pointed ?? this.selected;
  }

  /** Indices of the nodes that stand out because of the focus; null where nothing does. */
  get lit() {
    const focus = this.focus;
    if (!focus) return null;
    if (focus.edge) return new Set([focus.edge.source, focus.edge.target]);
    const lit = new Set([focus.node.index]);
    for (const edge of focus.node.ties) {
      if (!this.edges[edge.index]) continue;
      lit.add(edge.source);
      lit.add(edge.target);
    }
    return lit;
  }
}
