import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { Command } from '@commander-js/extra-typings';
import { TokenwrightError } from '../../lib/base/error.ts';
import { isRecord } from '../../lib/base/object.ts';
import { entriesOf } from '../../lib/contract/put-auth-events.ts';
import { type BusEntry, EntriesRefused, publisher } from '../../lib/event/publish.ts';
import { examples, jsonOption, stageOption } from '../command.ts';
import { readDocument } from '../input/read-file.ts';
import { count } from '../output/display.ts';
import { FileRefusal } from '../output/errors.ts';
import { selectStack } from '../stack/target.ts';

const put = new Command('put')
  .summary('put auth events on the bus')
  .description(`
Puts auth events on the bus of the local stack that "dev" or "start" runs, or of AWS with --stage. If one is malformed,
none is put. "time" and "source" are optional. An event that is put again with the same "id" is the same event: nothing is
done twice. Passwords, PINs and keys are removed first.
`)
  .argument('<file>', 'one auth event or a list, JSON or YAML; "-" is standard input')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('events put examples/event.json'))
  .action(async (file, { json, stage }) => {
    const given = await readDocument(file, 'event');
    if (given === null) throw new FileRefusal(file, [new TokenwrightError('bad_event', 'is empty')]);
    const list = (Array.isArray(given) ? given : [given]).map((event: unknown) =>
      isRecord(event) ? { source: 'tokenwright-cli', detail: {}, ...event } : event,
    );
    const { entries, secretsDropped, errors } = entriesOf(list);
    if (secretsDropped > 0) process.stderr.write(`note: left out ${count(secretsDropped, 'secret value')}\n`);
    if (errors.length > 0) throw new FileRefusal(file, errors);
    const { bus } = await selectStack(stage);
    const refused = await putAll(entries.map((entry) => ({ ...entry, EventBusName: bus })));
    if (refused.length > 0) {
      process.stderr.write(`put ${entries.length - refused.length} of ${count(entries.length, 'event')} on ${bus}\n`);
      throw new FileRefusal(file, refused);
    }
    if (json) process.stdout.write(`${JSON.stringify({ put: entries.length })}\n`);
    else process.stdout.write(`put ${count(entries.length, 'event')} on ${bus}\n`);
  });

export const events = new Command('events').summary('put auth events on the bus').addCommand(put);

/** Puts entries on the bus. @returns an error for each entry that it still refuses after several attempts */
async function putAll(entries: readonly BusEntry[]): Promise<TokenwrightError[]> {
  try {
    await publisher(new EventBridgeClient({}))(entries);
    return [];
  } catch (error) {
    if (!(error instanceof EntriesRefused)) throw error;
    return error.refused.map(({ entry, code }) => {
      const path = `[${entries.indexOf(entry)}]`;
      return new TokenwrightError('not_put', `EventBridge refuses the event: ${code}`, { path });
    });
  }
}
