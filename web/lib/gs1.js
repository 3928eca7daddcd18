// Numbers of GS1.
export const fourteen = (gtin) => (gtin ?? '').padStart(14, '0');

// The digit that a number ends with: weights 3, 1 from the right.
export const checkDigit = (digits) => (10 - [...digits].reverse()
  .reduce((sum, digit, n) => sum + Number(digit) * (n % 2 === 0 ? 3 : 1), 0) % 10) % 10;
export const hasCheckDigit = (number) => checkDigit(number.slice(0, -1)) === Number(number.at(-1));
