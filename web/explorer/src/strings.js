// What the page says: English here, in the language of the page what the catalogues of govgraph
// (src/govgraph/texts/locales) have for it, which the page brings along.

/** Returns gettext's functions: `texts` holds English -> translation, by plural category or not. */
function gettextOf(texts, lang) {
  const category = new Intl.PluralRules(lang);
  const filled = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  return {
    _: (text, values = {}) => filled(texts[text] ?? text, values),
    ngettext: (one, many, num, values = {}) => {
      const forms = texts[one] ?? { one, other: many };
      return filled(forms[category.select(num)] ?? forms.other ?? many, { num, ...values });
    },
  };
}

/** Returns the texts of a page whose data has `texts` and `lang`. */
export function stringsFor({ texts, lang }) {
  const { _, ngettext } = gettextOf(texts, lang);
  return {
    about: _("About this page"),
    aboutText: _(
      "Everything is in this file; it asks no server for anything. Drag to move, scroll or pinch to" +
        " zoom. With the keyboard: Tab to the drawing, arrow keys to move, + and − to zoom, 0 for the" +
        " whole network, Esc to let go of a node.",
    ),
    all: _("All"),
    any: _("not stated"),
    asList: _("What is shown, as a list"),
    case: _("Case"),
    chance: (value, expected, z) =>
      _("%(value)s (by chance %(expected)s, z %(z)s)", { value, expected, z }),
    clear: _("Let go"),
    colourBy: _("Colour by"),
    community: _("Community"),
    drawing: _("Drawing of the network"),
    filters: _("Filter"),
    found: (n) => ngettext("%(num)s found", "%(num)s found", n),
    from: _("From"),
    kind: _("Class"),
    kinds: _("Classes"),
    more: (n) => _("and %(num)s more", { num: n }),
    neighbours: (n) => ngettext("%(num)s tie", "%(num)s ties", n),
    noGraphics: _(
      "This browser cannot draw the network (it has no WebGL). The list and the search work all the same.",
    ),
    none: _("None"),
    nothing: _("Nothing has that name."),
    passages: _("Passages"),
    pause: _("Pause"),
    play: _("Play"),
    reset: _("Whole network"),
    search: _("Search"),
    searchHint: _("Name of an actor, a programme, …"),
    sector: _("Sector"),
    sectors: _("Sectors"),
    selection: _("Point at or choose a node or a tie to see what it is and which passages say so."),
    shared: _("Shared"),
    shown: (nodes, allNodes, ties, allTies) =>
      _("%(nodes)s of %(allNodes)s nodes, %(ties)s of %(allTies)s ties", {
        nodes,
        allNodes,
        ties,
        allTies,
      }),
    sizeBy: _("Size by"),
    ties: _("Kinds of tie"),
    timeline: _("Years"),
    to: _("To"),
    undated: _("Also what has no year"),
    weight: _("weight"),
    years: _("Years"),
    zoomIn: _("Zoom in"),
    zoomOut: _("Zoom out"),
  };
}
