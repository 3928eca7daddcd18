// Which of the codes in the camera's picture is a scan. Packs carry several codes and
// stay before the camera for a while, and each scan moves stock, so:
//
//   the code in the middle counts, once it has stayed there for a moment;
//   with it the other codes in sight are those of the same pack and do not count, but
//   for those that add to it: lot or expiry in a symbol of their own;
//   what has counted counts again only after it was out of sight for a while;
//   between two scans there is a pause, as a hand moves from pack to pack;
//   a camera that is shut for a moment sees nothing leave.
const STEADY = 200; // ms in the middle
const GONE = 2000; // ms out of sight
const PAUSE = 800; // ms after a scan
const SHUT = 10_000; // ms without pictures after which the pack before the camera is another one
const MIDDLE = 0.15; // of the picture's height: how far off the centre a code may lie

const COMPANION = /^(?!0[012]|8006|8010|8003|414)\d/; // an element string without a key of its own

// An element string, known by its carrier, that names no product or carton.
export const isCompanion = ({ symbology, code }) => /^\](C1|d2|Q3|e0)$/.test(symbology) && COMPANION.test(code ?? '');

const outside = (at, from, to) => Math.max(from - at, 0, at - to);

// How far the centre of the picture is from a code, in heights of the picture.
function fromMiddle({ left, right, top, bottom }, { width, height }) {
  return Math.hypot(outside(width / 2, left, right), outside(height / 2, top, bottom)) / height;
}

export class Sight {
  constructor() {
    this.seen = new Map(); // what has counted → when it was last in sight
    this.aimed = null; // {key, since}
    this.resting = -Infinity; // until then nothing counts
    this.looked = -Infinity; // when the last picture came
  }

  // Pictures come again: what was in sight at the last one may be there still.
  reopen(now) {
    this.aimed = null;
    if (now - this.looked > SHUT) return;
    for (const [key, at] of this.seen) this.seen.set(key, at + now - this.looked);
    this.looked = now;
  }

  // codes: [{key, code, symbology, box}] of one picture {width, height}. Returns the
  // one that is a scan now, or null.
  look(codes, picture, now) {
    this.looked = now;
    for (const [key, at] of this.seen) if (now - at > GONE) this.seen.delete(key);
    for (const { key } of codes) if (this.seen.has(key)) this.seen.set(key, now);
    const near = codes.map((one) => ({ one, far: fromMiddle(one.box, picture) }))
      .filter(({ one, far }) => far <= MIDDLE && !this.seen.has(one.key)).sort((a, b) => a.far - b.far)[0]?.one;
    if (!near || near.key !== this.aimed?.key) this.aimed = near ? { key: near.key, since: now } : null;
    else if (now - this.aimed.since >= STEADY && now >= this.resting) return this.take(near, codes, now);
    return null;
  }

  take(scan, codes, now) {
    const same = isCompanion(scan) ? [scan] : codes.filter((one) => one.key === scan.key || !isCompanion(one));
    for (const { key } of same) this.seen.set(key, now);
    this.aimed = null;
    this.resting = now + PAUSE;
    return scan;
  }
}
