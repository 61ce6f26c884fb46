// From an IRI to its page on this site.

/** Returns what gives the address of the page of an IRI and its short name; null for none here. */
export function linker({ base, goals, pages }) {
  return (iri) => {
    if (iri.startsWith(goals)) {
      const path = `sdg/${iri.slice(goals.length)}`;
      return { address: `${pages}${path}.html`, name: path };
    }
    if (!iri.startsWith(base) || iri === base) return null;
    const name = iri.slice(base.length);
    const [path, fragment] = name.split("#");
    return { address: `${pages}${path}.html${fragment ? `#${fragment}` : ""}`, name };
  };
}
