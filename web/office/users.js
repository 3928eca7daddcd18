// People: who may sign in, as what, and where.
import { html, useState } from '/vendor/preact.js';
import { Choice, Input } from '../parts/field.js';
import { Badge, Notice, Problem } from '../parts/notice.js';
import { PharmacyFilter, usePharmacies } from '../parts/pharmacies.js';
import { SupplierFilter, useSuppliers } from '../parts/suppliers.js';
import { Table } from '../parts/table.js';
import { getAll, post } from '../lib/api.js';
import { useAct, useLoad } from '../lib/load.js';
import { when } from '../lib/format.js';
import { t, word } from '../lib/text.js';

const ROLES = ['clerk', 'manager', 'supplier', 'admin'];
// A manager makes people of the own pharmacy, the administrator anybody.
const rolesFor = (user) => (user.role === 'admin' ? ROLES : ['clerk', 'manager']);
const EMPTY = { username: '', name: '', role: 'clerk', password: '', pharmacy_id: '', supplier_id: '' };
const SHORTEST_PASSWORD = 8;

function bodyOf(form, user) {
  const { username, name, role, password } = form;
  const body = { username, name, role, password };
  if (role === 'supplier') body.supplier_id = Number(form.supplier_id);
  else if (role !== 'admin') body.pharmacy_id = user.pharmacy_id ?? Number(form.pharmacy_id);
  return body;
}

function NewUser({ user, done }) {
  const [form, setForm] = useState(EMPTY);
  const act = useAct();
  const set = (name) => (value) => setForm((old) => ({ ...old, [name]: value }));
  const placed = form.role === 'admin' || user.pharmacy_id
    || (form.role === 'supplier' ? form.supplier_id : form.pharmacy_id);
  const create = (event) => {
    event.preventDefault();
    act.run(async () => { await post('/users',
      bodyOf(form, user)); setForm(EMPTY); done(t('user.created', { login: form.username })); });
  };
  return html`<form class="panel stack" onSubmit=${create}>
    <h2>${t('user.new')}</h2>
    <div class="filters">
      <${Input} label=${t('user.login')} name="username" required autocomplete="off" value=${form.username}
        onText=${set('username')} />
      <${Input} label=${t('user.name')} name="name" required autocomplete="off" value=${form.name}
        onText=${set('name')} />
      <${Choice} label=${t('user.role')} value=${form.role} onChange=${set('role')}
        options=${rolesFor(user).map((role) => [role, word('role', role)])} />
      ${form.role === 'supplier'
        && html`<${SupplierFilter} value=${form.supplier_id} onChange=${set('supplier_id')} />`}
      ${['clerk', 'manager'].includes(form.role)
        && html`<${PharmacyFilter} user=${user} value=${form.pharmacy_id} onChange=${set('pharmacy_id')}
          none=${t('filter.choose')} />`}
      <${Input} label=${t('user.password')} name="password" type="password" required minlength=${SHORTEST_PASSWORD}
        autocomplete="new-password" value=${form.password} onText=${set('password')} />
      <button class="primary" disabled=${act.busy || !placed}>${t('act.create')}</button>
    </div>
    <${Problem} error=${act.error} />
  </form>`;
}

function NewPassword({ person, done }) {
  const [password, setPassword] = useState('');
  const act = useAct();
  const save = (event) => {
    event.preventDefault();
    act.run(async () => { await post(`/users/${person.id}/password`,
      { password }); done(t('user.password_set', { login: person.username })); });
  };
  return html`<form class="row end" onSubmit=${save}>
    <${Input} label=${t('user.new_password', { login: person.username })} type="password" required
      minlength=${SHORTEST_PASSWORD} autocomplete="new-password" value=${password} onText=${setPassword} />
    <button class="primary" disabled=${act.busy}>${t('act.save')}</button>
    <${Problem} error=${act.error} />
  </form>`;
}

export function UsersPage({ user }) {
  const pharmacies = usePharmacies();
  const suppliers = useSuppliers();
  const [said, setSaid] = useState(null);
  const [open, setOpen] = useState(null);
  const act = useAct();
  const { data, error, loading, reload } = useLoad((signal) => getAll('/users', {}, { signal }), []);
  const done = (text) => { setSaid(text); setOpen(null); reload(); };
  const disable = (person) => act.run(async () => { await post(`/users/${person.id}/disable`); done(t('user.disabled',
    { login: person.username })); });
  const columns = [
    { key: 'username', label: t('user.login'), lead: true, cell: (row) => html`<b>${row.username}</b>` },
    { key: 'name', label: t('user.name') },
    { key: 'role', label: t('user.role'), cell: (row) => word('role', row.role) },
    { key: 'place', label: t('user.place'),
      cell: (row) => (row.pharmacy_id ? pharmacies.name(row.pharmacy_id) : row.supplier_id
        ? suppliers.name(row.supplier_id) : t('roof.district')) },
    { key: 'created_at', label: t('word.created'), shy: true, cell: (row) => when(row.created_at) },
    { key: 'state', label: t('word.state'), value: (row) => row.disabled_at, cell: (row) => (row.disabled_at
      ? html`<${Badge} meaning="stopped">${t('user.is_disabled')}</${Badge}>` : html`<${Badge}
        meaning="done">${t('user.is_active')}</${Badge}>`) },
    { key: 'acts', label: '', sort: false, cell: (row) => !row.disabled_at && html`<span class="row">
      <button onClick=${() => setOpen(open === row.id ? null : row.id)}>${t('user.password_button')}</button>
      <button class="stop" disabled=${act.busy} onClick=${() => disable(row)}>${t('act.disable')}</button></span>` },
  ];
  return html`<main class="page" id="main">
    <h1>${t('page.users')}</h1>
    <${NewUser} user=${user} done=${done} />
    ${said && html`<${Notice} meaning="done"><p>${said}</p></${Notice}>`}
    <${Problem} error=${error ?? act.error} retry=${reload} />
    <${Table} columns=${columns} rows=${data?.items} loading=${loading} sortable=${true} label=${t('page.users')}
      after=${(row) => open === row.id && html`<${NewPassword} key=${row.id} person=${row} done=${done} />`} />
  </main>`;
}
