// The label of a shipment was scanned: the same code again, Enter or the command
// code receives all that is still to come of it; any other scan goes its own way.
import { html } from '/vendor/preact.js';
import { count } from '../lib/format.js';
import { t } from '../lib/text.js';
import { useAnswerFocus } from './scan_field.js';
import { openOf } from './shipments.js';

export function WholeQuestion({ desk, done }) {
  const button = useAnswerFocus(true);
  const submit = (event) => {
    event.preventDefault();
    desk.takeWhole();
    done();
  };
  const order = desk.shipments.current();
  return html`<section class="result look" role="status" aria-live="assertive">
    <form class="question" onSubmit=${submit}>
      <h3>${t('ask.whole', { id: order.id, n: count(openOf(order)) })}</h3>
      <p class="soft">${t('ask.whole_how')}</p>
      <div class="row end"><button class="primary" ref=${button}>${t('ask.whole_yes')} <kbd>Enter</kbd></button></div>
    </form>
  </section>`;
}
