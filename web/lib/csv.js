// Tables pasted from a spreadsheet (tabs) or read from a CSV file (RFC 4180).
export function readTable(text) {
  const clean = text.replace(/^\ufeff/, '');
  const separator = clean.includes('\t') ? '\t' : /[;；]/.test(clean) && !clean.includes(',') ? ';' : ',';
  const rows = [];
  let row = [];
  let cell = '';
  let quoted = false;
  const endCell = () => { row.push(cell.trim()); cell = ''; };
  const endRow = () => { endCell(); if (row.some(Boolean)) rows.push(row); row = []; };
  for (let i = 0; i < clean.length; i += 1) {
    const c = clean[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (clean[i + 1] === '"') { cell += '"'; i += 1; } else quoted = false;
    } else if (c === '"' && cell.trim() === '') quoted = true;
    else if (c === separator || (c === '，' && separator === ',')) endCell();
    else if (c === '\n') endRow();
    else if (c !== '\r') cell += c;
  }
  endRow();
  return rows;
}
