// Command codes: printed Code 128 that drive the scan page without a mouse. They are
// found anywhere in a line, whatever a scanner puts around them and whatever a wrong
// keyboard layout or Caps Lock does to them: the hyphen may be any sign, Y and Z change
// places where the hyphen is ß. A link is never a command.
const COMMAND = /^(?!.*:\/\/).*?[yz]aoku[^a-z0-9](?:(receive|dispense|return|write[^a-z0-9]off|undo|confirm|cancel)|quantit[yz][^a-z0-9]0*([1-9]\d{0,3})(?!\d)|choice[^a-z0-9]([1-9])(?!\d))?/is;

export const PRINTED = ['DISPENSE', 'RECEIVE', 'RETURN', 'WRITE-OFF', 'CONFIRM', 'CANCEL', 'UNDO',
  ...[1, 2, 3, 5, 10, 20, 50, 100].map((n) => `QUANTITY-${n}`), ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `CHOICE-${n}`)];

// {name, n?} of a line that holds a command, else null; the name is `unknown` when
// only its beginning is known.
export function commandIn(text) {
  const match = COMMAND.exec(text);
  if (!match) return null;
  const [, word, quantity, choice] = match;
  if (quantity) return { name: 'quantity', n: Number(quantity) };
  if (choice) return { name: 'choice', n: Number(choice) };
  return { name: word ? word.toLowerCase().replace(/[^a-z]/g, '_') : 'unknown' };
}

// Presses a button of the open question, as its own keys do. Later, because the scan may
// have come through a field of it, which then has to take its own words back first.
// Resolves to whether there was such a button; null when nothing is asked.
async function press(find) {
  await new Promise((resolve) => { setTimeout(resolve); });
  const question = document.querySelector('.result .question');
  const button = question && find(question);
  button?.click();
  return question && Boolean(button);
}

export const confirmQuestion = () => press((one) => one.querySelector('button.primary:not([disabled])'));
export const chooseAnswer = (n) => press((one) => one.querySelectorAll('.choices button, .options li')[n - 1]);
