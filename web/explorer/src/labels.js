// Labels that do not overlap: gathered while sigma draws, written when it is done, largest first.

const LONGEST = 34;
const MARGIN = 2;

export class Labels {
  constructor() {
    this.wanted = [];
    this.gather = this.gather.bind(this);
  }

  /** Takes the place of sigma's drawing of one label. */
  gather(context, data, settings) {
    if (data.label) this.wanted.push({ context, data, settings });
  }

  /** Forgets the last frame. */
  clear() {
    this.wanted = [];
  }

  /** Writes the labels that find room. */
  write() {
    const taken = [];
    const order = [...this.wanted].sort(
      (a, b) =>
        Boolean(b.data.forceLabel) - Boolean(a.data.forceLabel) ||
        b.data.size - a.data.size ||
        (a.data.label < b.data.label ? -1 : 1),
    );
    for (const { context, data, settings } of order) {
      const text = shorten(data.label);
      context.font = `${settings.labelSize}px ${settings.labelFont}`;
      const width = context.measureText(text).width;
      const box = placeFor(data, width, settings.labelSize, taken);
      if (!box) continue;
      taken.push(box);
      context.lineJoin = "round";
      context.lineWidth = 3;
      context.strokeStyle = "#ffffffd0";
      context.fillStyle = "#1a1a1a";
      const y = box.bottom - settings.labelSize * 0.2;
      context.strokeText(text, box.left, y);
      context.fillText(text, box.left, y);
    }
  }
}

export function shorten(text) {
  const letters = [...text];
  return letters.length <= LONGEST ? text : `${letters.slice(0, LONGEST - 1).join("").trimEnd()}…`;
}

/** The first free place beside a node: right, left, below, above. */
function placeFor({ x, y, size }, width, height, taken) {
  const gap = size + 3;
  const places = [
    [x + gap, y - height / 2],
    [x - gap - width, y - height / 2],
    [x - width / 2, y + gap],
    [x - width / 2, y - gap - height],
  ];
  for (const [left, top] of places) {
    const box = { left, top, right: left + width, bottom: top + height };
    if (!taken.some((other) => meet(box, other))) return box;
  }
  return null;
}

const meet = (a, b) =>
  a.left < b.right + MARGIN &&
  b.left < a.right + MARGIN &&
  a.top < b.bottom + MARGIN &&
  b.top < a.bottom + MARGIN;
