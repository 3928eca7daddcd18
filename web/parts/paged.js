// A long list read page by page, newest first, with "more" at its end.
import { html, useEffect, useState } from '/vendor/preact.js';
import { Problem } from './notice.js';
import { Table } from './table.js';
import { get } from '../lib/api.js';
import { t } from '../lib/text.js';

export function PagedTable({ path, query, columns, empty, label, rowClass, rowKey, after, turn = 0 }) {
  const [state, setState] = useState({ rows: null, next: null, error: null, loading: true });
  const key = JSON.stringify(query);
  const more = async (cursor, signal) => {
    setState((old) => ({ ...old, loading: true, error: null }));
    try {
      const answer = await get(path, { ...query, cursor, limit: 100 }, signal);
      setState((old) => ({ rows: cursor ? [...old.rows, ...answer.items] : answer.items, next: answer.next,
        error: null, loading: false }));
    } catch (error) {
      if (error.name !== 'AbortError') setState((old) => ({ ...old, error, loading: false }));
    }
  };
  useEffect(() => {
    const control = new AbortController();
    more(undefined, control.signal);
    return () => control.abort();
  }, [path, key, turn]);
  return html`<div class="stack">
    <${Problem} error=${state.error} retry=${() => more()} />
    <${Table} columns=${columns} rows=${state.rows} loading=${state.loading} empty=${empty} label=${label}
      rowClass=${rowClass} rowKey=${rowKey} after=${after} />
    ${state.next
      && html`<button class="no-print" disabled=${state.loading}
        onClick=${() => more(state.next)}>${t('list.older')}</button>`}
  </div>`;
}
