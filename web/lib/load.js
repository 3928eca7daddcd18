// Loading as a hook: old rows stay while new ones come, stale answers are dropped.
import { useCallback, useEffect, useState } from '/vendor/preact.js';

export function useLoad(load, needs) {
  const [state, setState] = useState({ data: null, error: null, loading: true });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const control = new AbortController();
    setState((old) => ({ ...old, loading: true }));
    Promise.resolve(load(control.signal)).then(
      (data) => control.signal.aborted || setState({ data, error: null, loading: false }),
      (error) => control.signal.aborted || setState((old) => ({ ...old, error, loading: false })),
    );
    return () => control.abort();
  }, [...needs, turn]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  return { ...state, reload };
}

// One act at a time: says whether it runs, what went wrong, what was done.
export function useAct() {
  const [state, setState] = useState({ busy: false, error: null, said: null });
  const run = async (act) => {
    setState({ busy: true, error: null, said: null });
    try {
      const said = await act();
      setState({ busy: false, error: null, said: typeof said === 'string' ? said : null });
      return true;
    } catch (error) {
      setState({ busy: false, error, said: null });
      return false;
    }
  };
  return { ...state, run };
}

export function useLater(value, milliseconds) {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return later;
}
