import { Command } from '@commander-js/extra-typings';
import { examples, jsonOption, stageOption } from '../../command.ts';
import { explain as explainEvent } from '../../simulate/explain.ts';
import { sceneOption } from '../../simulate/scene.ts';

export const explain = new Command('explain')
  .summary('show what the definitions would do on an event, and why not')
  .usage('[options] [[file] event]')
  .description(`
Shows for each definition of the event's name whether it would act on the token, what each condition wanted and saw, what
would change, and why not. Nothing is written. With a file it explains the definitions of that file in place of the applied
ones. The event may come from a recording: "dev --data" writes events.jsonl, and --event alone reads it. For a recorded
event it also shows the stored outcomes, and which definitions were saved after it. What a condition saw then is not
recorded, so each one is evaluated with the present tokens and users. A "?" marks a condition whose value is not known.
`)
  .argument(
    '[files...]',
    'an auth event, JSON or YAML; "-" is standard input; optionally a file of definitions before it',
  )
  .option('--serial <serial>', 'only for this token')
  .option(
    '--event <id>',
    'the last event of a recording with this id; without a file: of the recording of "dev --data" here',
  )
  .addOption(sceneOption)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('definitions explain examples/event.json', 'definitions explain --event 6f1c2d'))
  .action(explainEvent);
