import { Command } from '@commander-js/extra-typings';
import { examples, jsonOption, stageOption } from '../../command.ts';
import { explain as explainEvent } from '../../simulate/explain.ts';
import { sceneOption } from '../../simulate/scene.ts';

export const explain = new Command('explain')
  .summary('what the definitions would do at an event, and why not')
  .usage('[options] [[file] event]')
  .description(`
Says for each definition of the event's name whether it would act on the token, what each condition wanted and saw,
what would change, and why not; nothing is written. With a file: for the definitions of that file, which are not applied,
in place of those that are. The event may be one of a recording: "dev --data" keeps events.jsonl, and --event alone takes
it from there. Of a recorded event it also shows the outcomes that are kept; what a condition saw then is not recorded, so
each is evaluated with the tokens, users and definitions of now. A "?" marks a condition whose value is not known.
`)
  .argument('[files...]', 'an auth event, JSON or YAML; "-" is standard input; before it, a file of definitions')
  .option('--serial <serial>', 'of this token alone')
  .option(
    '--event <id>',
    'the last one of a recording that has this id; without a file: of what "dev --data" recorded here',
  )
  .addOption(sceneOption)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('definitions explain examples/event.json', 'definitions explain --event 6f1c2d'))
  .action(explainEvent);
