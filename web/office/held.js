// Held scans of a pharmacy or of the district.
import { html } from '/vendor/preact.js';
import { HeldScans } from '../parts/held_scans.js';
import { PharmacyFilter, usePharmacies } from '../parts/pharmacies.js';
import { changeQuery } from '../lib/router.js';
import { t } from '../lib/text.js';

export function HeldPage({ user, route }) {
  const { name } = usePharmacies();
  const pharmacy = user.pharmacy_id ?? route.query.pharmacy_id;
  return html`<main class="page" id="main">
    <h1>${t('page.held')}</h1>
    <p class="soft">${t('held.what')}</p>
    <div class="filters"><${PharmacyFilter} user=${user} value=${pharmacy}
      onChange=${(id) => changeQuery({ pharmacy_id: id })} /></div>
    <div class="panel"><${HeldScans} pharmacyId=${pharmacy} pharmacyName=${user.pharmacy_id ? null : name} /></div>
  </main>`;
}
