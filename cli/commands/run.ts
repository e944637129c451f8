import { Command } from '@commander-js/extra-typings';
import { FAULTS_HELP, parseFaults } from '../../infra/local/faults/specification.ts';
import { warningsOf } from '../../lib/definition/warnings.ts';
import { examples, wholeNumber } from '../command.ts';
import { printNotes } from '../definitions/show-changes.ts';
import { readScenarioDocument } from '../input/read-file.ts';
import { colours, describeBulk, describeOutcome, describeUnmet } from '../output/display.ts';
import { inFile } from '../output/errors.ts';
import { printFolded } from '../output/fold.ts';
import { tokenTable } from '../output/token-table.ts';
import { describeResponse } from '../scenario/requests.ts';
import { runScenario, type ScenarioResult } from '../scenario/run-scenario.ts';
import { type CheckedScenario, readScenario } from '../scenario/scenario.ts';
import { listensTo } from '../stack/narrator.ts';

export const run = new Command('run')
  .summary('run a scenario file through the real handlers, and print the outcomes and tokens')
  .description(`
Tries definitions on the tokens and events of a scenario file: runs the real handlers with an embedded DynamoDB and a
local bus, and prints the outcomes and the tokens. Nothing is stored. The clock is stopped at the time of the latest event.
`)
  .argument('<file>', 'a scenario, JSON or YAML; "-" is standard input')
  .option(
    '--json',
    'the result as JSON: {"outcomes": [...], "tokens": [...]}, and "bulk": [...] if a definition ran on all unassigned or all disabled tokens; if the file is refused: {"errors": [...]}',
  )
  .option('--deliver <k>', 'deliver every bus event k times, in shuffled order', wholeNumber(1))
  .option('--seed <n>', 'the seed of the shuffle', wholeNumber(), 1)
  .option(
    '--faults <spec>',
    'inject faults, and put dead letters back until none is left: the outcomes and tokens are the same',
    parseFaults,
  )
  .addHelpText(
    'after',
    `${examples(
      'run examples/scenario.yaml',
      'run examples/scenario.yaml --json --deliver 3 --seed 7',
      'run examples/scenario.yaml --faults seed=7,all=0.02',
    )}\n${FAULTS_HELP}`,
  )
  .action(async (file, { json, deliver: copies, seed, faults }) => {
    const document = await readScenarioDocument(file);
    const scenario = await inFile(file, () => readScenario(document, Date.now()));
    const { definitions, leftOut } = scenario.checked;
    // A scenario may use any event name: only conditions that can never be known are worth a warning.
    const warnings = definitions.flatMap((one) => warningsOf(one).map((warning) => ({ ...one, ...warning })));
    printNotes({ leftOut, ignored: [], warnings });
    const delivery = copies === undefined ? undefined : { copies, seed };
    const result = await runScenario(scenario, delivery, faults);
    if (json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    else printResult(result, scenario);
  });

function printResult(result: ScenarioResult, scenario: CheckedScenario): void {
  const { outcomes, tokens, bulk = [], responses = [], sent = [] } = result;
  const paint = colours(process.stdout);
  for (const response of responses) process.stdout.write(`${describeResponse(response, paint)}\n`);
  for (const { channel, to, text } of sent) process.stdout.write(`  ${channel} to ${to}: ${text}\n`);
  for (const outcome of outcomes) printFolded(process.stdout, describeOutcome(outcome, paint));
  for (const summary of bulk) process.stdout.write(`${describeBulk(summary, paint)}\n`);
  const met = new Set([...outcomes, ...bulk].map(({ event }) => event.id));
  for (const { event } of scenario.events) {
    const { name, position, id } = event;
    const listening = scenario.checked.definitions.filter((one) => listensTo(one, name, position));
    const unmet = `  ${paint('dim', `${describeUnmet(name, listening)} [${id}]`)}`;
    if (!met.has(id)) printFolded(process.stdout, unmet);
  }
  process.stdout.write(`\n${tokenTable(tokens).join('\n')}\n`);
  for (const { serial, info } of tokens) {
    for (const [key, value] of Object.entries(info)) process.stdout.write(`  ${serial} info.${key}: ${value}\n`);
  }
}
