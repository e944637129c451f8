/** Shows progress, rate and time left: one line that changes on a terminal, a line every few seconds in a pipe. */
import { processClock } from '../../lib/base/clock.ts';
import { plural } from './display.ts';

const [EACH_ON_TERMINAL, EACH_IN_PIPE] = [200, 5000];

export interface Progress {
  /** @param done of all, so far */
  at(done: number): void;
  /** Prints how long it took. */
  end(done: number): void;
}

/**
 * Returns a progress display.
 *
 * @param what the singular noun of what is counted, such as `event`
 * @param hint is added to each line, to tell why it is slow; with a hint the first line is printed at once
 */
export function progressOf(all: number, what: string, stream: NodeJS.WriteStream, hint = ''): Progress {
  const start = processClock().now();
  let told = hint === '' ? start : Number.NEGATIVE_INFINITY;
  const rateOf = (done: number) => done / Math.max(0.001, (processClock().now() - start) / 1000);
  const tell = (text: string, end: boolean): void => {
    if (stream.isTTY) stream.write(`\r\u001b[K${text}${end ? '\n' : ''}`);
    else stream.write(`${text}\n`);
  };
  return {
    at(done) {
      const now = processClock().now();
      if (now - told < (stream.isTTY ? EACH_ON_TERMINAL : EACH_IN_PIPE)) return;
      told = now;
      const rate = rateOf(done);
      // Too early, a rate says nothing.
      const isKnown = done > 0 && now - start >= 1000;
      const pace = `, ${number(Math.round(rate))} a second, ${number(Math.ceil((all - done) / rate))} s left`;
      tell(`${number(done)} of ${number(all)} ${plural(all, what)}${isKnown ? pace : ''}${hint}`, false);
    },
    end(done) {
      const seconds = ((processClock().now() - start) / 1000).toFixed(1);
      const rate = number(Math.round(rateOf(done)));
      tell(`${number(done)} ${plural(done, what)} in ${seconds} s, ${rate} a second`, true);
    },
  };
}

/** Formats a number, such as `100,000`. */
export function number(value: number): string {
  return value.toLocaleString('en');
}
