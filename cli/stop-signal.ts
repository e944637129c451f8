/** Ctrl-C, for what has to end in order. */

/** One press of Ctrl-C may come twice: a terminal tells every process, and npm, npx and our own hand-over pass it on. */
const SAME_PRESS_MS = 1000;

/** Aborts at Ctrl-C, or where the process is told to end; asked again a while later, the process ends at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let told = Number.POSITIVE_INFINITY;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (performance.now() - told > SAME_PRESS_MS) process.exit(1);
      told = Math.min(told, performance.now());
      controller.abort();
    });
  }
  return controller.signal;
}
