import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { Command } from '@commander-js/extra-typings';
import { isoTime, processClock } from '../../lib/base/clock.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { isRecord } from '../../lib/base/object.ts';
import { parseAuthEvent } from '../../lib/event/auth-event.ts';
import { dropSecrets } from '../../lib/event/boundary.ts';
import { type BusEntry, EntriesRefused, MAX_ENTRY_BYTES, publisher, sizeOf } from '../../lib/event/publish.ts';
import { examples, jsonOption, stageOption } from '../command.ts';
import { readDocument } from '../input/read-file.ts';
import { count } from '../output/display.ts';
import { FileRefusal } from '../output/errors.ts';
import { selectStack } from '../stack/target.ts';

const put = new Command('put')
  .summary('put auth events on the bus')
  .description(`
Puts auth events on the bus of the local stack that "dev" or "start" runs, or of AWS with --stage. A faulty one is
refused with all the others. "time" and "source" may be absent; an event that is put again with its "id" is the same
event, and does nothing twice. Passwords, PINs and keys are left out.
`)
  .argument('<file>', 'one auth event or a list, JSON or YAML; "-" is standard input')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('events put examples/event.json'))
  .action(async (file, { json, stage }) => {
    const given = await readDocument(file, 'event');
    const now = isoTime(processClock().now());
    const { value, dropped } = dropSecrets(Array.isArray(given) ? given : [given]);
    if (dropped > 0) process.stderr.write(`note: left out ${count(dropped, 'secret value')}\n`);
    const list = (Array.isArray(value) ? value : []).map((event: unknown) =>
      isObject(event) ? { time: now, source: 'tokenwright-cli', detail: {}, ...event } : event,
    );
    const parsed = list.map((event) => parseAuthEvent(isObject(event) ? { id: 'the bus gives one', ...event } : event));
    const errors = parsed.flatMap((one, i) => (one.ok ? [] : one.errors.map((error) => error.under(`[${i}]`))));
    if (errors.length > 0) throw new FileRefusal(file, errors);
    const { bus } = await selectStack(stage);
    const entries = parsed.flatMap((one, i) => {
      const envelope = list[i];
      if (!one.ok || !isObject(envelope)) return [];
      const id = 'id' in envelope ? { id: envelope.id } : {};
      const detail = { ...id, occurred_at: isoTime(one.value.occurredAt), ...present(envelope.detail) };
      return [
        { EventBusName: bus, Source: one.value.source, DetailType: one.value.name, Detail: JSON.stringify(detail) },
      ];
    });
    const large = entries.flatMap((entry, i) => (sizeOf(entry) >= MAX_ENTRY_BYTES ? [tooLarge(i)] : []));
    if (large.length > 0) throw new FileRefusal(file, large);
    const refused = await putAll(entries);
    if (refused.length > 0) {
      process.stderr.write(`put ${entries.length - refused.length} of ${count(entries.length, 'event')} on ${bus}\n`);
      throw new FileRefusal(file, refused);
    }
    if (json) process.stdout.write(`${JSON.stringify({ put: entries.length })}\n`);
    else process.stdout.write(`put ${count(entries.length, 'event')} on ${bus}\n`);
  });

export const events = new Command('events').summary('put auth events on the bus').addCommand(put);

/** Puts all that the bus takes. @returns an error for each entry that it refuses again and again */
async function putAll(entries: readonly BusEntry[]): Promise<TokenwrightError[]> {
  try {
    await publisher(new EventBridgeClient({}))(entries);
    return [];
  } catch (error) {
    if (!(error instanceof EntriesRefused)) throw error;
    return error.refused.map(({ entry, code }) => {
      const path = `[${entries.indexOf(entry)}]`;
      return new TokenwrightError('not_put', `EventBridge refuses it: ${code}`, { path });
    });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return isRecord(value);
}

function tooLarge(index: number): TokenwrightError {
  return new TokenwrightError('bad_event', 'is larger than EventBridge takes', {
    path: `[${index}]`,
    allowed: 'below 1 MB',
  });
}

/** What is null is absent, so it stands in nobody's way. */
function present(detail: unknown): Record<string, unknown> {
  return isObject(detail) ? Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== null)) : {};
}
