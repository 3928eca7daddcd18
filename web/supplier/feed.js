// The supplier's feed, read as its own system would read it: from the oldest to
// now, then a waiting poll. Each revision replaces the one before.
import { useEffect, useReducer, useRef } from '/vendor/preact.js';
import { ApiError, get } from '../lib/api.js';

const WAIT = 25; // seconds the service may hold a poll
const PAUSE = 5000; // ms after a failure

// {orders, loading, error, polledAt}; orders of one status as they are now.
export function useFeed(status) {
  const [, redraw] = useReducer((n) => n + 1, 0);
  const state = useRef(null);
  if (state.current?.status !== status) {
    state.current = { status, byId: new Map(), loading: true, error: null, polledAt: null };
  }
  useEffect(() => {
    const control = new AbortController();
    follow(state.current, control.signal, redraw);
    return () => control.abort();
  }, [status]);
  const { byId, loading, error, polledAt } = state.current;
  return { orders: [...byId.values()], loading, error, polledAt };
}

async function follow(state, signal, redraw) {
  let cursor;
  while (!signal.aborted) {
    try {
      const wait = state.loading ? undefined : WAIT;
      // Without a status once the list is here: an order that left it must be seen to leave.
      const status = state.loading ? state.status : undefined;
      const answer = await get('/supplier/orders', { status, cursor, wait, limit: 100 }, signal);
      for (const order of answer.orders) take(state, order);
      if (answer.orders.length === 0) state.loading = false;
      cursor = answer.cursor;
      state.polledAt = new Date();
      state.error = null;
    } catch (error) {
      if (signal.aborted || error.status === 401) return;
      state.error = error;
      await new Promise((go) => { setTimeout(go, PAUSE); });
    }
    if (!signal.aborted) redraw();
  }
}

// The newest revision of every order this page has been told of.
const newest = new Map();

export function learn(order) {
  const known = newest.get(String(order.id));
  if (!known || known.revision <= order.revision) newest.set(String(order.id), order);
}

// One order. Suppliers have the feed and nothing else, so an order opened by its
// address is looked for there from the oldest on.
export async function findOrder(id, signal) {
  let cursor;
  while (!newest.has(id)) {
    const answer = await get('/supplier/orders', { cursor, limit: 1000 }, signal);
    answer.orders.forEach(learn);
    if (answer.orders.length === 0) throw new ApiError(404, { code: 'not_found' });
    cursor = answer.cursor;
  }
  return newest.get(id);
}

function take(state, order) {
  learn(order);
  const known = state.byId.get(order.id);
  if (known && known.revision > order.revision) return;
  if (state.status && order.status !== state.status) state.byId.delete(order.id);
  else state.byId.set(order.id, order);
}
