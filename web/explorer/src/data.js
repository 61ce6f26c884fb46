// The network as it is in the page, and questions about it.

/** Reads the data of the page: nodes, edges, words, colours, years. */
export function readData() {
  return JSON.parse(document.getElementById("data").textContent);
}

/** Ties nodes to their edges. */
export function prepare(data) {
  data.nodes.forEach((node, index) => {
    node.index = index;
    node.ties = [];
    node.plain = plain(`${node.label} ${node.id}`);
  });
  data.edges.forEach((edge, index) => {
    edge.index = index;
    data.nodes[edge.source].ties.push(edge);
    if (edge.target !== edge.source) data.nodes[edge.target].ties.push(edge);
  });
}

/** A text without case and accents, for searching. */
export function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The values of an attribute that may be one, several or none: none is "". */
export function valuesOf(value) {
  return value === undefined || value === null || value === "" ? [""] : String(value).split(" + ");
}

/** How many nodes or edges have each value, the most frequent first, none last. */
export function tally(items, name) {
  const counts = new Map();
  for (const item of items) {
    for (const value of valuesOf(item[name])) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(
    ([a, n], [b, m]) => (a === "") - (b === "") || m - n || (a < b ? -1 : 1),
  );
}

/** Whether something with these spells is there in some year from `from` to `to`. */
export function meets(spells, from, to, undated) {
  if (!spells) return undated;
  return spells.some(([start, end]) => (start ?? -Infinity) <= to && (end ?? Infinity) >= from);
}

/** Spells for a reader: "1998–2004, 2010–". */
export function yearsText(spells) {
  return (spells ?? [])
    .map(([start, end]) => (start === end ? `${start}` : `${start ?? ""}–${end ?? ""}`))
    .join(", ");
}

/** The id of a passage or thing for a reader: "passage/2.1/town/3" is "2.1 town 3". */
export function idText(id) {
  return id.replace(/^[^/:]+[/:]/, "").replaceAll("/", " ").replaceAll("-", " ");
}
