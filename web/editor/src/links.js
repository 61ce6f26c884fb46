// From an IRI to its page on this site.

/** Returns what gives the address of the page of an IRI and its short name; null for none here. */
export function linker({ folders, pages }) {
  const places = JSON.parse(folders);
  return (iri) => {
    const place = places.find(([base]) => iri.startsWith(base) && iri !== base);
    if (!place) return null;
    const name = place[1] + iri.slice(place[0].length);
    const [path, fragment] = name.split("#");
    return { address: `${pages}${path}.html${fragment ? `#${fragment}` : ""}`, name };
  };
}
