import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { isoTime, processClock } from '../../lib/clock.ts';
import type { TokenwrightError } from '../../lib/error.ts';
import { parseAuthEvent } from '../../lib/event/auth-event.ts';
import { publisher } from '../../lib/event/publish.ts';
import { Refusal } from '../../lib/validate.ts';
import { type Arguments, type Command, textOption, UsageError } from '../command.ts';
import { readDocument } from '../read-file.ts';
import { selectStack } from '../target.ts';

export const events: Command = {
  summary: 'put auth events on the bus',
  help: `
Usage: tokenwright events put FILE [--json]

Puts the auth events of FILE (one, or a list; JSON or YAML; "-" is standard input) on the bus of the local stack
that "dev" or "start" runs, or of AWS with --stage. A faulty one is refused with all the others.

Example:
  npx tokenwright events put examples/event.json
`,
  options: { json: { type: 'boolean' }, stage: { type: 'string' } },

  async run({ positionals, values }: Arguments) {
    const [verb, file] = positionals;
    if (verb !== 'put' || file === undefined) throw new UsageError('takes "put FILE"');
    const given = await readDocument(file);
    const now = isoTime(processClock().now());
    const list = (Array.isArray(given) ? given : [given]).map((event: unknown) =>
      event !== null && typeof event === 'object'
        ? { id: 'event', time: now, source: 'tokenwright-cli', detail: {}, ...event }
        : event,
    );
    const parsed = list.map(parseAuthEvent);
    const errors = parsed.flatMap((one, i) => (one.ok ? [] : one.errors.map((error) => error.under(`[${i}]`))));
    if (errors.length > 0) throw new Refusal(errors as TokenwrightError[]);
    const { bus } = await selectStack(textOption(values.stage));
    const entries = parsed.flatMap((one, i) => {
      const envelope = list[i];
      if (!one.ok || envelope === null || typeof envelope !== 'object' || !('detail' in envelope)) return [];
      const detail = { occurred_at: isoTime(one.value.occurredAt), ...(envelope.detail as object) };
      return [
        { EventBusName: bus, Source: one.value.source, DetailType: one.value.name, Detail: JSON.stringify(detail) },
      ];
    });
    await publisher(new EventBridgeClient({}))(entries);
    if (values.json) process.stdout.write(`${JSON.stringify({ put: entries.length })}\n`);
    else process.stdout.write(`put ${entries.length} event${entries.length === 1 ? '' : 's'} on ${bus}\n`);
    return 0;
  },
};
