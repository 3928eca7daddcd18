// Who changed what. Movements are their own record and stand in the ledger.
import { html } from '/vendor/preact.js';
import { Empty } from '../parts/notice.js';
import { PagedTable } from '../parts/paged.js';
import { PageTools } from '../parts/page_tools.js';
import { usePharmacies } from '../parts/pharmacies.js';
import { when } from '../lib/format.js';
import { t, word } from '../lib/text.js';

const detailText = (detail) => {
  if (detail === null || detail === undefined) return '';
  if (typeof detail !== 'object') return String(detail);
  const show = (value) => (typeof value === 'object' ? JSON.stringify(value) : value);
  return Object.entries(detail).map(([name, value]) => `${name}: ${show(value)}`).join(' · ');
};

export function AuditPage() {
  const { name } = usePharmacies();
  const columns = [
    { key: 'at', label: t('word.time'), shy: true, cell: (row) => when(row.at) },
    { key: 'account', label: t('audit.account'), lead: true },
    { key: 'action', label: t('audit.action'), cell: (row) => word('action', row.action) },
    { key: 'subject', label: t('audit.subject'), cell: (row) => html`<span class="mono small">${row.subject}</span>` },
    { key: 'pharmacy', label: t('word.pharmacy'), cell: (row) => name(row.pharmacy_id) },
    { key: 'detail', label: t('audit.detail'),
      cell: (row) => html`<span class="small">${detailText(row.detail)}</span>` },
  ];
  return html`<main class="page" id="main">
    <div class="page-head"><h1>${t('page.audit')}</h1><${PageTools} path="/audit" /></div>
    <p class="soft">${t('audit.what')}</p>
    <${PagedTable} path="/audit" query=${{}} columns=${columns} label=${t('page.audit')}
      empty=${html`<${Empty} title=${t('audit.none')}>${t('audit.what')}</${Empty}>`} />
  </main>`;
}
