// Two texts side by side, character under character, with as few differences as
// there can be: [[wanted | null, got | null], …].
export function align(wanted, got) {
  const a = [...wanted];
  const b = [...got];
  const cost = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  for (let j = 1; j <= b.length; j += 1) cost[0][j] = j;
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      cost[i][j] = Math.min(cost[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1), cost[i - 1][j] + 1, cost[i][j - 1] + 1);
    }
  }
  const pairs = [];
  let [i, j] = [a.length, b.length];
  while (i > 0 || j > 0) {
    const isBoth = i > 0 && j > 0 && cost[i][j] === cost[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
    if (isBoth) pairs.push([a[i -= 1], b[j -= 1]]);
    else if (i > 0 && cost[i][j] === cost[i - 1][j] + 1) pairs.push([a[i -= 1], null]);
    else pairs.push([null, b[j -= 1]]);
  }
  return pairs.reverse();
}

const SIGNS = { ' ': '␣', '\t': 'Tab', '\n': 'LF', '\r': 'Enter', '\u001d': 'GS' };

// A character as it can be seen.
export const shown = (c) => SIGNS[c] ?? (c < ' ' ? `^${String.fromCharCode(c.charCodeAt(0) + 64)}` : c);
