import { Command } from '@commander-js/extra-typings';
import { isObject } from '../../lib/base/object.ts';
import { type AuthEvent, parseAuthEvent } from '../../lib/event/auth-event.ts';
import { dropSecrets, OWN_SOURCE } from '../../lib/event/boundary.ts';
import { describeError } from '../../lib/schema/validate.ts';
import { replayEvents } from '../../lib/simulate/replay.ts';
import { examples, jsonOption, stageOption, wholeNumber } from '../command.ts';
import { openRecording, type Recording } from '../input/recorded-events.ts';
import { colours } from '../output/display.ts';
import { progressOf } from '../output/progress.ts';
import { readSet } from '../simulate/explain.ts';
import { replayReport } from '../simulate/replay-report.ts';
import { openScene, sceneOption } from '../simulate/scene.ts';

export const replay = new Command('replay')
  .summary('compare a proposed set of definitions with the applied one on recorded events; writes nothing')
  .description(`
Processes recorded auth events in memory, ordered by time: once with the definitions of a file and once with the applied
ones. Shows which steps would be done, skipped or failed under each, and which tokens would end up different. Tokens and
users are those of the local stack, of AWS with --stage, or of a scenario file, in their present state.
`)
  .argument('<events>', 'JSON lines, as "dev --data" records them, or a list in JSON or YAML; "-" is standard input')
  .requiredOption('--with <file>', 'the whole proposed set of definitions')
  .option('--against <file>', 'the definitions to compare with; "current": the applied ones', 'current')
  .addOption(sceneOption)
  .option('--list <n>', 'list at most this many tokens for each definition', wholeNumber(), 10)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('replay .tokenwright/data/events.jsonl --with proposed.yaml'))
  .action(async (file, { with: proposedFile, against, list, json, ...where }) => {
    const { scene, current } = await openScene(where);
    const applied = await current();
    const present = against === 'current' ? applied : await readSet(against, applied);
    const proposed = await readSet(proposedFile, applied);
    const recording = await openRecording(file);
    const read = new Reading(recording);
    const progress = progressOf(recording.count, 'event', process.stderr);
    const replayed = await replayEvents(read.events(), scene, { current: present, proposed }, (done) =>
      progress.at(done),
    );
    progress.end(replayed.events);
    read.tellLeftOut();
    if (json) process.stdout.write(`${JSON.stringify({ ...replayed, left_out: read.leftOut }, null, 2)}\n`);
    else {
      const span = replayed.period?.join(' to ') ?? 'no events';
      process.stdout.write(`${span}\n\n${replayReport(replayed, colours(process.stdout), list).join('\n')}\n`);
    }
  });

/** Reads the auth events of a recording. Leaves out, and counts, our own events and those that dispatch would refuse. */
class Reading {
  readonly leftOut = { own: 0, malformed: 0 };
  #firstFault = '';
  readonly #recording: Recording;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  async *events(): AsyncGenerator<AuthEvent> {
    for await (const recorded of this.#recording.events()) {
      const { value } = dropSecrets(recorded);
      const parsed = parseAuthEvent(value);
      if (parsed.ok) yield parsed.value;
      else if (isOwn(value)) this.leftOut.own += 1;
      else {
        this.leftOut.malformed += 1;
        this.#firstFault ||= parsed.errors.map(describeError).join('; ');
      }
    }
  }

  tellLeftOut(): void {
    const { own, malformed } = this.leftOut;
    if (own > 0) process.stderr.write(`note: left out ${own} of Tokenwright's own events\n`);
    if (malformed > 0) {
      process.stderr.write(`note: left out ${malformed} malformed events; the first: ${this.#firstFault}\n`);
    }
  }
}

function isOwn(event: unknown): boolean {
  return isObject(event) && event.source === OWN_SOURCE;
}
