// The supplier's feed, read as its own system would read it: from the oldest to
// now, then a waiting poll. Each revision replaces the one before.
import { useEffect, useReducer, useRef } from '/vendor/preact.js';
import { get } from '../lib/api.js';

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

function take(state, order) {
  const known = state.byId.get(order.id);
  if (known && known.revision > order.revision) return;
  if (state.status && order.status !== state.status) state.byId.delete(order.id);
  else state.byId.set(order.id, order);
}
