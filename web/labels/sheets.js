// Sheets of labels, in millimetres: where each label stands. A roll is a sheet of one.
const A4 = { width: 210, height: 297 };

// Columns × rows of width × height; the first one begins at left, top; gaps lie between.
export const PRESETS = {
  a4_24: { ...A4, columns: 3, rows: 8, labelWidth: 70, labelHeight: 37, left: 0, top: 0.5, gapX: 0, gapY: 0 },
  a4_21: { ...A4, columns: 3, rows: 7, labelWidth: 63.5, labelHeight: 38.1, left: 7.2, top: 15.1, gapX: 2.5, gapY: 0 },
  a4_14: { ...A4, columns: 2, rows: 7, labelWidth: 99.1, labelHeight: 38.1, left: 4.65, top: 15.1, gapX: 2.5, gapY: 0 },
  a4_64: { ...A4, columns: 4, rows: 16, labelWidth: 48.5, labelHeight: 16.9, left: 8, top: 13.3, gapX: 0, gapY: 0 },
  roll: { width: 60, height: 40, columns: 1, rows: 1, labelWidth: 60, labelHeight: 40, left: 0, top: 0, gapX: 0, gapY: 0 },
};

export const onRoll = (width, height) => ({ ...PRESETS.roll, width, height, labelWidth: width, labelHeight: height });

// The places of one sheet, row by row.
export function cellsOf(sheet) {
  return Array.from({ length: sheet.columns * sheet.rows }, (_, n) => ({
    left: sheet.left + (n % sheet.columns) * (sheet.labelWidth + sheet.gapX),
    top: sheet.top + Math.floor(n / sheet.columns) * (sheet.labelHeight + sheet.gapY),
    width: sheet.labelWidth, height: sheet.labelHeight,
  }));
}

// Whether the labels stand on the paper: a hundredth of a millimetre is forgiven.
export function standsOnPaper(sheet) {
  const last = cellsOf(sheet).at(-1);
  return Boolean(last) && last.width > 0 && last.height > 0 && sheet.left >= 0 && sheet.top >= 0
    && last.left + last.width <= sheet.width + 0.01 && last.top + last.height <= sheet.height + 0.01;
}

// Labels on their sheets, each with its place; the first `start - 1` places of the
// first sheet are used up already.
export function laidOut(labels, sheet, start = 1) {
  const cells = cellsOf(sheet);
  const sheets = [];
  labels.forEach((label, n) => {
    const place = n + start - 1;
    const page = Math.floor(place / cells.length);
    sheets[page] ??= [];
    sheets[page].push({ label, cell: cells[place % cells.length] });
  });
  return sheets;
}
