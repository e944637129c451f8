import { actions, findAction } from '../../lib/action/catalogue.ts';
import { checkDefinitions } from '../../lib/definition/check.ts';
import { commit, editsOf, readCurrent } from '../../lib/definition/commit.ts';
import { Definition } from '../../lib/definition/definition.ts';
import { sealDefinitions } from '../../lib/definition/sealed-options.ts';
import { maskSecrets } from '../../lib/definition/secret-options.ts';
import type { DefinitionStore, StoredDefinition } from '../../lib/definition/store.ts';
import { TokenwrightError } from '../../lib/error.ts';
import { check, Refusal } from '../../lib/validate.ts';
import { type Arguments, type Command, noMoreThan, textOption, UsageError } from '../command.ts';
import { FileRefusal } from '../errors.ts';
import { explain } from '../explain.ts';
import { noteOf } from '../note.ts';
import { readDocument } from '../read-file.ts';
import { SCENE_OPTIONS } from '../scene.ts';
import { type StackDefinitions, stackDefinitions } from '../secrets.ts';
import { selectStack } from '../target.ts';

export const definitions: Command = {
  summary: 'list, set, enable, disable and delete event handler definitions',
  help: `
Usage: tokenwright definitions list [--json]
       tokenwright definitions set FILE
       tokenwright definitions enable ID | disable ID | delete ID
       tokenwright definitions explain [FILE] EVENT [--serial S] [--tokens SCENARIO] [--json]

Works on the local stack that "dev" or "start" runs, or on AWS with --stage.
"set" saves the definitions of FILE (JSON or YAML; "-" is standard input): new ones are added, those whose id is
there already get a new version; the others stay. All faults are reported at once, and then nothing is saved.

"explain" says for each definition of the event's name whether it would act on the token, what each condition wanted
and saw, what would change, and why not; nothing is written. With FILE: for the definitions of that file, which are
not applied, in place of those that are. EVENT is an auth event, JSON or YAML, "-" is standard input.

  --serial S     explain: of this token alone
  --tokens FILE  explain: the tokens, people and definitions of a scenario file, in place of a running stack's
  --json         the result as JSON
  --stage NAME   the stack deployed under this stage

Examples:
  npx tokenwright definitions set examples/definitions.yaml
  npx tokenwright definitions list
  npx tokenwright definitions explain examples/event.json
`,
  options: { json: { type: 'boolean' }, serial: { type: 'string' }, ...SCENE_OPTIONS },

  async run(args: Arguments) {
    const [verb, subject] = args.positionals;
    if (verb === 'explain') return explain(args);
    const verbs: Record<string, (store: StackDefinitions, args: Arguments, subject: string) => Promise<number>> = {
      list,
      set,
      enable: (store, given, id) => activate(store, given, id, true),
      disable: (store, given, id) => activate(store, given, id, false),
      delete: remove,
    };
    const handle = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (!handle) throw new UsageError(`takes one of ${[...Object.keys(verbs), 'explain'].join(', ')}`);
    noMoreThan(verb === 'list' ? 1 : 2, args);
    if (verb !== 'list' && subject === undefined)
      throw new UsageError(`"${verb}" takes ${verb === 'set' ? 'a FILE' : 'an ID'}`);
    const tables = await selectStack(textOption(args.values.stage));
    return handle(stackDefinitions(tables), args, subject ?? '');
  },
};

async function current(store: DefinitionStore): Promise<StoredDefinition[]> {
  const stored = await store.readMany(await store.readSet(await store.currentSet()));
  return stored.sort((a, b) => a.id - b.id);
}

async function list(store: DefinitionStore, { values }: Arguments): Promise<number> {
  const stored = await current(store);
  if (values.json) {
    const bodies = stored.map(({ body, version }) => ({ ...shown(body), version }));
    process.stdout.write(`${JSON.stringify(bodies, null, 2)}\n`);
    return 0;
  }
  for (const { id, version, body } of stored) {
    const shape = check(Definition, body, 'bad_definition');
    const line = shape.ok
      ? `${shape.value.active ? 'active  ' : 'inactive'} ${shape.value.position} ${shape.value.event.join(',')}: ${shape.value.action}  "${shape.value.name}"`
      : 'cannot be read';
    process.stdout.write(`#${id} v${version}  ${line}\n`);
  }
  if (stored.length === 0) process.stderr.write('there are no definitions\n');
  return 0;
}

function shown(body: unknown): object {
  const shape = check(Definition, body, 'bad_definition');
  return shape.ok ? { ...shape.value, options: maskSecrets(shape.value.options) } : {};
}

async function set(store: StackDefinitions, { values }: Arguments, file: string): Promise<number> {
  const names = actions.map(({ name }) => name);
  const checked = await checkDefinitions(await readDocument(file), findAction, names);
  if (checked.errors.length > 0) throw new FileRefusal(file, checked.errors);
  for (const { name, handlermodule } of checked.leftOut) {
    process.stderr.write(`left out: "${name}" (handler module ${handlermodule})\n`);
  }
  const saved = await save(store, checked.definitions, 'set');
  return report(
    values,
    [...saved].map(([id, version]) => ({ id, version })),
    'saved',
  );
}

async function activate(store: StackDefinitions, { values }: Arguments, id: string, active: boolean): Promise<number> {
  const found = (await current(store)).find((one) => String(one.id) === id);
  if (!found) throw unknownDefinition(id);
  const shape = check(Definition, found.body, 'bad_definition');
  if (!shape.ok) throw new Refusal(shape.errors);
  const saved = await save(store, [{ ...shape.value, active }], active ? 'enable' : 'disable');
  return report(
    values,
    [...saved].map(([one, version]) => ({ id: one, version })),
    active ? 'enabled' : 'disabled',
  );
}

async function remove(store: DefinitionStore, { values }: Arguments, id: string): Promise<number> {
  const { set } = await readCurrent(store);
  if (!set.live.has(Number(id))) throw unknownDefinition(id);
  await commit(store, set, [{ id: Number(id), body: null }], noteOf('delete'));
  return report(values, [{ id: Number(id) }], 'deleted');
}

async function save(
  store: StackDefinitions,
  given: readonly Definition[],
  how: string,
): Promise<ReadonlyMap<number, number>> {
  const sealed = await sealDefinitions(given, store.box);
  const before = await readCurrent(store);
  const { versions } = await commit(store, before.set, editsOf(before, sealed), noteOf(how));
  return new Map(given.map(({ id }) => [id, versions.get(id) ?? before.set.live.get(id) ?? 0]));
}

function unknownDefinition(id: string): TokenwrightError {
  return new TokenwrightError('unknown_definition', `there is no definition ${id}`, { given: id });
}

function report(values: Arguments['values'], list: readonly { id: number; version?: number }[], what: string): number {
  if (values.json) process.stdout.write(`${JSON.stringify({ [what]: list }, null, 2)}\n`);
  else
    for (const { id, version } of list)
      process.stdout.write(`${what} #${id}${version === undefined ? '' : ` v${version}`}\n`);
  return 0;
}
