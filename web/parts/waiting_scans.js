// Scans that wait on this workstation for somebody other than `user`: each goes
// out in the name of the person who made it, once that person logs in again.
import { html, useEffect, useState } from '/vendor/preact.js';
import { Notice } from './notice.js';
import { waitingOfOthers } from '../lib/scan_queue.js';
import { t } from '../lib/text.js';

export function WaitingOfOthers({ user = null }) {
  const [people, setPeople] = useState([]);
  useEffect(() => { waitingOfOthers(user).then(setPeople, () => setPeople([])); }, [user]);
  return people.map(({ key, name, n }) => html`<${Notice} key=${key} meaning="look">
    <p class="waiting-of-others">${t('queue.of_other', { name, n })}</p></${Notice}>`);
}
