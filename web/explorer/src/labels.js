// Labels that do not overlap: gathered while sigma draws, written when it is done, largest first.

const LINE = 26;
const MARGIN = 2;
const BUTTONS = { width: 64, height: 152 }; // in the lower left corner

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

  /** Writes the labels that find room inside the drawing, beside their node and over no other. */
  write(discs, { width, height }) {
    const taken = [
      { left: 0, top: height - BUTTONS.height, right: BUTTONS.width, bottom: height },
    ];
    const order = [...this.wanted].sort(
      (a, b) =>
        Boolean(b.data.forceLabel) - Boolean(a.data.forceLabel) ||
        b.data.size - a.data.size ||
        (a.data.label < b.data.label ? -1 : 1),
    );
    const style = getComputedStyle(document.documentElement);
    for (const { context, data, settings } of order) {
      const lines = wrap(data.label);
      context.font = `${settings.labelSize}px ${settings.labelFont}`;
      const wide = Math.max(...lines.map((line) => context.measureText(line).width));
      const step = settings.labelSize * 1.15;
      const free = (box) =>
        box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height &&
        !taken.some((other) => meet(box, other));
      const places = placesFor(data, wide, step * lines.length).filter(free);
      const clear = places.find((box) => !discs.some((disc) => covers(box, disc, data)));
      const box = clear ?? (data.forceLabel ? places[0] : undefined);
      if (!box) continue;
      taken.push(box);
      context.lineJoin = "round";
      context.lineWidth = 3;
      context.strokeStyle = style.getPropertyValue("--halo");
      context.fillStyle = style.getPropertyValue("--ink");
      lines.forEach((line, row) => {
        const y = box.top + step * (row + 0.8);
        context.strokeText(line, box.left, y);
        context.fillText(line, box.left, y);
      });
    }
  }
}

/** The words of a text in lines of at most LINE letters, longer words as they are. */
export function wrap(text) {
  const lines = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LINE) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The boxes beside a node: right, left, below, above. */
function placesFor({ x, y, size }, width, height) {
  const gap = size + 3;
  return [
    [x + gap, y - height / 2],
    [x - gap - width, y - height / 2],
    [x - width / 2, y + gap],
    [x - width / 2, y - gap - height],
  ].map(([left, top]) => ({ left, top, right: left + width, bottom: top + height }));
}

const meet = (a, b) =>
  a.left < b.right + MARGIN &&
  b.left < a.right + MARGIN &&
  a.top < b.bottom + MARGIN &&
  b.top < a.bottom + MARGIN;

/** Whether a box lies over the disc of another node. */
function covers(box, disc, own) {
  if (Math.abs(disc.x - own.x) < 0.5 && Math.abs(disc.y - own.y) < 0.5) return false;
  const x = Math.min(Math.max(disc.x, box.left), box.right);
  const y = Math.min(Math.max(disc.y, box.top), box.bottom);
  return Math.hypot(x - disc.x, y - disc.y) < disc.size + 1;
}
