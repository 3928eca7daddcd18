// Keys of programs. A secret is shown once, when it is made.
import { html, useState } from '/vendor/preact.js';
import { Choice, Input } from '../parts/field.js';
import { Badge, Empty, Notice, Problem } from '../parts/notice.js';
import { PharmacyFilter, usePharmacies } from '../parts/pharmacies.js';
import { SupplierFilter, useSuppliers } from '../parts/suppliers.js';
import { Table } from '../parts/table.js';
import { getAll, post } from '../lib/api.js';
import { useAct, useLoad } from '../lib/load.js';
import { when } from '../lib/format.js';
import { t, word } from '../lib/text.js';

const KINDS = ['agent', 'supplier', 'metrics'];
const kindsFor = (user) => (user.role === 'admin' ? KINDS : ['agent']);
const EMPTY = { kind: 'agent', name: '', pharmacy_id: '', supplier_id: '' };

function bodyOf(form, user) {
  const body = { kind: form.kind, name: form.name };
  if (form.kind === 'agent') body.pharmacy_id = user.pharmacy_id ?? Number(form.pharmacy_id);
  if (form.kind === 'supplier') body.supplier_id = Number(form.supplier_id);
  return body;
}

function NewKey({ user, done }) {
  const [form, setForm] = useState(EMPTY);
  const [secret, setSecret] = useState(null);
  const act = useAct();
  const set = (name) => (value) => setForm((old) => ({ ...old, [name]: value }));
  const placed = form.kind === 'metrics' || user.pharmacy_id
    || (form.kind === 'supplier' ? form.supplier_id : form.pharmacy_id);
  const create = (event) => {
    event.preventDefault();
    act.run(async () => { setSecret((await post('/keys', bodyOf(form, user))).key); setForm(EMPTY); done(); });
  };
  return html`<form class="panel stack" onSubmit=${create}>
    <h2>${t('key.new')}</h2>
    <div class="filters">
      <${Choice} label=${t('key.kind')} value=${form.kind} onChange=${set('kind')}
        options=${kindsFor(user).map((kind) => [kind, word('key_kind', kind)])} />
      <${Input} label=${t('key.name')} wide=${true} name="name" required value=${form.name} onText=${set('name')} />
      ${form.kind === 'supplier'
        && html`<${SupplierFilter} value=${form.supplier_id} onChange=${set('supplier_id')} />`}
      ${form.kind === 'agent'
        && html`<${PharmacyFilter} user=${user} value=${form.pharmacy_id} onChange=${set('pharmacy_id')}
          none=${t('filter.choose')} />`}
      <button class="primary" disabled=${act.busy || !placed}>${t('act.create')}</button>
    </div>
    ${secret && html`<${Notice} meaning="look"><p>${t('key.once')}</p><p><code class="secret">${secret}</code></p>
      <button type="button"
        onClick=${() => navigator.clipboard?.writeText(secret)}>${t('act.copy')}</button></${Notice}>`}
    <${Problem} error=${act.error} />
  </form>`;
}

export function KeysPage({ user }) {
  const pharmacies = usePharmacies();
  const suppliers = useSuppliers();
  const act = useAct();
  const { data, error, loading, reload } = useLoad((signal) => getAll('/keys', {}, { signal }), []);
  const disable = (key) => act.run(async () => { await post(`/keys/${key.id}/disable`); reload(); return t('key.disabled', { name: key.name ?? key.id }); });
  const columns = [
    { key: 'name', label: t('key.name'), lead: true, cell: (row) => html`<b>${row.name}</b>` },
    { key: 'key_id', label: t('key.id'), cell: (row) => html`<span class="mono small">${row.key_id ?? row.id}</span>` },
    { key: 'kind', label: t('key.kind'), cell: (row) => word('key_kind', row.kind) },
    { key: 'place', label: t('user.place'),
      cell: (row) => (row.pharmacy_id ? pharmacies.name(row.pharmacy_id) : row.supplier_id
        ? suppliers.name(row.supplier_id) : t('roof.district')) },
    { key: 'created_at', label: t('word.created'), shy: true, cell: (row) => when(row.created_at) },
    { key: 'state', label: t('word.state'), value: (row) => row.disabled_at, cell: (row) => (row.disabled_at
      ? html`<${Badge} meaning="stopped">${t('user.is_disabled')}</${Badge}>` : html`<${Badge}
        meaning="done">${t('user.is_active')}</${Badge}>`) },
    { key: 'acts', label: '', sort: false,
      cell: (row) => !row.disabled_at
        && html`<button class="stop" disabled=${act.busy} onClick=${() => disable(row)}>${t('act.disable')}</button>` },
  ];
  return html`<main class="page" id="main">
    <h1>${t('page.keys')}</h1>
    <p class="soft">${t('key.what')}</p>
    <${NewKey} user=${user} done=${reload} />
    <${Problem} error=${error ?? act.error} retry=${reload} />
    ${act.said && html`<${Notice} meaning="done"><p>${act.said}</p></${Notice}>`}
    <${Table} columns=${columns} rows=${data?.items} loading=${loading} sortable=${true} label=${t('page.keys')}
      empty=${html`<${Empty} title=${t('key.none')}>${t('key.none_how')}</${Empty}>`} />
  </main>`;
}
