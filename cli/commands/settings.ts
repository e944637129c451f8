import { isDeepStrictEqual } from 'node:util';
import { Argument, Command } from '@commander-js/extra-typings';
import { readSettings } from '../../lib/authenticate/settings.ts';
import { type SavedSettings, type SettingsStore, settingsStore } from '../../lib/authenticate/settings-store.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import type { FieldChange } from '../../lib/definition/diff.ts';
import { Refusal } from '../../lib/schema/validate.ts';
import { examples, jsonOption, stageOption, wholeNumber } from '../command.ts';
import { byOption, messageOption, noteOf } from '../definitions/note.ts';
import { describeFields } from '../definitions/show-changes.ts';
import { readDocument } from '../input/read-file.ts';
import { colours } from '../output/display.ts';
import { inFile } from '../output/errors.ts';
import { selectStack } from '../stack/target.ts';

const fileArgument = new Argument('<file>', 'the whole document, JSON or YAML; "-" is standard input');

const show = new Command('show')
  .summary('show the applied settings, defaults included')
  .description('Shows all settings: those that are set, marked with *, and the defaults of the others.')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('settings show'))
  .action(async ({ json, stage }) => {
    const { version, document } = await (await openSettings(stage)).current();
    const settings = readSettings(document);
    if (json) process.stdout.write(`${JSON.stringify({ version, settings }, null, 2)}\n`);
    else {
      for (const [name, value] of Object.entries(settings)) {
        const mark = Object.hasOwn(document, name) ? '*' : ' ';
        process.stdout.write(`${mark} ${name}: ${JSON.stringify(value)}\n`);
      }
      process.stderr.write(`version ${version}; settings with * are set, the others have their defaults\n`);
    }
  });

const plan = new Command('plan')
  .summary('show what "apply" would change')
  .description('Compares a document with the applied settings. Nothing is changed.')
  .addArgument(fileArgument)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('settings plan settings.yaml'))
  .action(async (file, { json, stage }) => {
    const { version, document } = await (await openSettings(stage)).current();
    report({ version, changes: changesBetween(document, await readFile(file)) }, json === true);
  });

const apply = new Command('apply')
  .summary('apply a document; settings that are not in it have their defaults')
  .description(`
Applies a document as the next version. It is the whole document: settings that are not in it have their defaults ("{}":
all of them). "plan" shows the changes first, "rollback" undoes them.
`)
  .addArgument(fileArgument)
  .addOption(messageOption)
  .addOption(byOption)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('settings apply settings.yaml --message "challenges for apps"'))
  .action(async (file, options) => {
    const store = await openSettings(options.stage);
    const current = await store.current();
    await applyDocument(store, current, await readFile(file), 'apply', options);
  });

const history = new Command('history')
  .summary('list all versions, newest first: who changed what, when and why')
  .description('Lists all versions of the settings, newest first: who saved them, when, how and why, and what changed.')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('settings history'))
  .action(async ({ json, stage }) => {
    const versions = await (await openSettings(stage)).history();
    const viewed = versions.map(({ version, document, note }, i) => {
      return { version, ...note, changes: changesBetween(versions[i + 1]?.document ?? {}, document) };
    });
    if (json) process.stdout.write(`${JSON.stringify({ versions: viewed }, null, 2)}\n`);
    else {
      for (const { version, at, by, how, message, changes } of viewed) {
        process.stdout.write(`v${version}  ${at}  ${by}  ${how}  ${message}\n`);
        for (const line of describeFields(changes, colours(process.stdout), '    ')) process.stdout.write(`${line}\n`);
      }
    }
  });

const rollback = new Command('rollback')
  .summary('apply a former version again')
  .description('Saves a new version with the contents of a former one.')
  .argument('<version>', 'the number that "history" shows', (given) => wholeNumber(1)(given.replace(/^v/, '')))
  .addOption(messageOption)
  .addOption(byOption)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('settings rollback 2'))
  .action(async (version, options) => {
    const store = await openSettings(options.stage);
    const [current, ...former] = await store.history();
    const wanted = former.find((one) => one.version === version);
    if (!current || !wanted) {
      const allowed = former.map((one) => `v${one.version}`);
      throw new TokenwrightError('unknown_version', `there is no former version ${version} of the settings`, {
        allowed,
      });
    }
    await applyDocument(store, current, wanted.document, `rollback to v${version}`, options);
  });

export const settings = new Command('settings')
  .summary('settings of the front door: show, plan, apply, history, rollback')
  .description(
    'These commands work on the local stack that "dev" or "start" runs, or on AWS with --stage. A change is used within 5 seconds.',
  )
  .addCommand(show)
  .addCommand(plan)
  .addCommand(apply)
  .addCommand(history)
  .addCommand(rollback);

async function openSettings(stage: string | undefined): Promise<SettingsStore> {
  const { definitions } = await selectStack(stage);
  return settingsStore(documentClient(), definitions);
}

type Document = SavedSettings['document'];

async function readFile(file: string): Promise<Document> {
  const document = await readDocument(file);
  await inFile(file, async () => {
    // An empty file is more likely an oversight than the wish for all defaults.
    if (document === null) throw new Refusal([new TokenwrightError('bad_settings', 'is empty; {} means all defaults')]);
    return readSettings(document);
  });
  return document as Document;
}

async function applyDocument(
  store: SettingsStore,
  current: SavedSettings,
  document: Document,
  how: string,
  options: Parameters<typeof noteOf>[1] & { readonly json?: true | undefined },
): Promise<void> {
  const changes = changesBetween(current.document, document);
  if (changes.length === 0) return report({ version: current.version, changes }, options.json === true);
  const version = await store.apply(document, current.version, await noteOf(how, options));
  report({ version, changes }, options.json === true);
}

/** Compares two documents. @returns the settings that differ, defaults included */
function changesBetween(before: Document, after: Document): FieldChange[] {
  const [from, to]: readonly Document[] = [readSettings(before), readSettings(after)];
  return [...new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})])]
    .filter((name) => !isDeepStrictEqual(from?.[name], to?.[name]))
    .map((path) => ({ path, before: from?.[path], after: to?.[path] }));
}

function report(told: { readonly version: number; readonly changes: readonly FieldChange[] }, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
    return;
  }
  for (const line of describeFields(told.changes, colours(process.stdout), '')) process.stdout.write(`${line}\n`);
  process.stdout.write(
    told.changes.length === 0 ? `No changes. Version ${told.version}.\n` : `Version ${told.version}.\n`,
  );
}
