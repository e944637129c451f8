import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Command } from '@commander-js/extra-typings';
import { renderSVG, renderUnicodeCompact } from 'uqr';
import { documentClient } from '../../lib/aws/clients.ts';
import { processClock } from '../../lib/base/clock.ts';
import { isObject } from '../../lib/base/object.ts';
import type { Outcome } from '../../lib/event/outcome.ts';
import { outcomeStore } from '../../lib/event/outcome-store.ts';
import { examples, jsonOption, stageOption, UsageError } from '../command.ts';
import { colours, describeResult } from '../output/display.ts';
import { printFolded } from '../output/fold.ts';
import { followTail } from '../stack/tail.ts';
import { selectStack } from '../stack/target.ts';

const POLL_MS = 2000;

const tail = new Command('tail')
  .summary('show outcomes as they happen, until Ctrl-C')
  .description(`
Shows each outcome as it happens, on the local stack that "dev" or "start" runs in this folder. With --secrets it also
shows what a definition announces once to the owner of a token, such as a PIN or the QR code of a new token; only on the
local stack. With --stage it shows the stored outcomes of one token.
`)
  .option('--serial <serial>', 'only of this token')
  .option('--secrets', 'also show what is announced once: PINs, keys, and the QR code of a new token')
  .option('--svg <file>', 'write the QR code of the latest new token to this file')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('outcomes tail --secrets', 'outcomes tail --serial TOTP0001 --stage prod'))
  .action(async ({ serial, secrets, svg, json, stage }) => {
    if (stage !== undefined && serial === undefined) throw new UsageError('needs --serial with --stage');
    if (stage !== undefined && (secrets || svg)) throw new UsageError('shows secrets only on the local stack');
    process.on('SIGINT', () => process.exit(0));
    process.stderr.write('waiting for outcomes; press Ctrl-C to stop\n');
    for await (const event of stage === undefined ? followTail() : pollOutcomes(stage, serial ?? '')) {
      const { response, ...rest } = event.detail as unknown as Outcome;
      if (serial !== undefined && rest.serial !== serial) continue;
      const shown = secrets ? { ...rest, response } : rest;
      if (json) process.stdout.write(`${JSON.stringify(shown)}\n`);
      else {
        const result = { ...event, detail: secrets ? rest : event.detail };
        printFolded(process.stdout, describeResult(result, colours(process.stdout)));
      }
      if (secrets && !json) printSecrets(response?.detail ?? {});
      const url = response?.detail.googleurl;
      if (svg !== undefined && isUrlHolder(url)) writeFileSync(svg, renderSVG(url.value), { mode: 0o600 });
    }
  });

/** Prints what is announced once, and the QR code that an authenticator app scans. */
function printSecrets(detail: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(detail)) {
    if (isUrlHolder(value)) process.stdout.write(`      ${name}: ${value.value}\n`);
    else process.stdout.write(`      ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
  }
  const { googleurl } = detail;
  if (isUrlHolder(googleurl)) process.stdout.write(`${renderUnicodeCompact(googleurl.value)}\n`);
}

/** Tells whether a value is a URL as privacyIDEA announces it: an object with the URL and its QR code. */
function isUrlHolder(value: unknown): value is { readonly value: string } {
  return isObject(value) && typeof value.value === 'string';
}

/** Polls the stored outcomes of a token, and yields the new ones. */
async function* pollOutcomes(stage: string, serial: string) {
  const { outcomes } = await selectStack(stage);
  const store = outcomeStore(documentClient(), outcomes);
  let seen: Set<string> | undefined;
  for (;;) {
    const page = await store.page(serial, 50, processClock().now());
    const fresh = page.outcomes.filter(({ id }) => seen !== undefined && !seen.has(id));
    seen = new Set([...(seen ?? []), ...page.outcomes.map(({ id }) => id)]);
    for (const outcome of fresh.reverse()) {
      yield { 'detail-type': `token.action.${outcome.status}`, detail: { ...outcome, response: null } };
    }
    await wait(POLL_MS);
  }
}

export const outcomes = new Command('outcomes').summary('follow what definitions do to tokens').addCommand(tail);
