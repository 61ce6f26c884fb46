// What the editor completes: our prefixes, and the classes and properties of the graph it asks.

const TERMS = {
  class: ["owl:Class", "rdfs:Class"],
  property: ["owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty", "rdf:Property"],
};
const MOST = 50;

const query = (kinds) => `PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?term { VALUES ?kind { ${kinds.join(" ")} } ?term a ?kind FILTER(ISIRI(?term)) }
ORDER BY ?term`;

async function ask(endpoint, text) {
  const response = await fetch(`${endpoint}?${new URLSearchParams({ query: text })}`, {
    headers: { Accept: "application/sparql-results+json" },
  });
  if (!response.ok) return [];
  const { results } = await response.json();
  return results.bindings.map(({ term }) => term.value);
}

/** Has the library complete from the endpoint alone, instead of from services of others. */
export function completeFrom(Yasqe, endpoint, prefixes) {
  const known = Yasqe.Autocompleters;
  Object.assign(known.prefixes, {
    get: () => Object.entries(prefixes).map(([name, namespace]) => `${name}: <${namespace}>`),
    persistenceId: undefined,
  });
  for (const [name, kinds] of Object.entries(TERMS)) {
    let terms; // asked for once, when first wanted
    Object.assign(known[name], {
      autoShow: true,
      get: async (_, token) => {
        terms ??= ask(endpoint, query(kinds)).catch(() => []);
        const start = token?.autocompletionString ?? "";
        const found = (await terms).filter((term) => term.startsWith(start) && term !== start);
        return found.slice(0, MOST);
      },
    });
  }
}
