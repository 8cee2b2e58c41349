import { useEffect, useRef, useState } from './lib/htm-preact.js';

/**
 * Calls `load` now, whenever `inputs` change and every `interval` milliseconds while the page is visible and `paused` is false.
 * Returns [result, error]. A slow answer is never overtaken by a second question.
 */
export function useLive(load, inputs, interval = 1000, paused = false) {
  const [state, setState] = useState([null, null]);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const ended = new AbortController();
    let timer;
    const run = async () => {
      if (!document.hidden) {
        try {
          const result = await latest.current(ended.signal);
          if (!ended.signal.aborted) setState([result, null]);
        } catch (error) {
          if (!ended.signal.aborted) setState(([before]) => [before, error]);
        }
      }
      if (!ended.signal.aborted && !paused) timer = setTimeout(run, interval);
    };
    run();
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [...inputs, interval, paused]);
  return state;
}
