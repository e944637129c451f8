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
import { followTail } from '../stack/tail.ts';
import { selectStack } from '../stack/target.ts';

const POLL_MS = 2000;

const tail = new Command('tail')
  .summary('follow what is done to tokens, until Ctrl-C')
  .description(`
Shows each outcome as it happens, on the local stack that "dev" or "start" runs in this folder. What a definition
announces once to a token's owner, a PIN or the QR code of a new token, is shown with --secrets, on the local stack alone.
With --stage it follows one token, by what is kept of its outcomes.
`)
  .option('--serial <serial>', 'of this token alone')
  .option('--secrets', 'also what is announced once: PINs, keys, and the QR code of a new token')
  .option('--svg <file>', 'write the QR code of a new token into this file, the latest one stays')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('outcomes tail --secrets', 'outcomes tail --serial TOTP0001 --stage prod'))
  .action(async ({ serial, secrets, svg, json, stage }) => {
    if (stage !== undefined && serial === undefined) throw new UsageError('with --stage follows one token: --serial');
    if (stage !== undefined && (secrets || svg)) throw new UsageError('shows secrets of the local stack alone');
    process.on('SIGINT', () => process.exit(0));
    process.stderr.write('waiting for what happens; Ctrl-C ends\n');
    for await (const event of stage === undefined ? followTail() : pollOutcomes(stage, serial ?? '')) {
      const { response, ...rest } = event.detail as unknown as Outcome;
      if (serial !== undefined && rest.serial !== serial) continue;
      const shown = secrets ? { ...rest, response } : rest;
      if (json) process.stdout.write(`${JSON.stringify(shown)}\n`);
      else process.stdout.write(`${describeResult(event, colours(process.stdout))}\n`);
      if (secrets && !json) tellSecrets(response?.detail ?? {});
      const url = response?.detail.googleurl;
      if (svg !== undefined && isUrlHolder(url)) writeFileSync(svg, renderSVG(url.value), { mode: 0o600 });
    }
  });

/** What is announced once, and the QR code that an authenticator app scans. */
function tellSecrets(detail: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(detail)) {
    if (isUrlHolder(value)) process.stdout.write(`      ${name}: ${value.value}\n`);
    else process.stdout.write(`      ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
  }
  const { googleurl } = detail;
  if (isUrlHolder(googleurl)) process.stdout.write(`${renderUnicodeCompact(googleurl.value)}\n`);
}

/** As privacyIDEA announces an address: with its picture beside it. */
function isUrlHolder(value: unknown): value is { readonly value: string } {
  return isObject(value) && typeof value.value === 'string';
}

/** What is kept of a token's outcomes, again and again: those that are new. */
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

export const outcomes = new Command('outcomes').summary('follow what is done to tokens').addCommand(tail);
