/**
 * Which room may import from which. A rule forbids; what no rule forbids is allowed.
 * test/rules/rooms.test.ts shows for each rule that it finds what it forbids.
 */
import { readFileSync } from 'node:fs';
import { ACTIONS } from './lib/action/table.ts';

/** The rooms of lib from the ground floor up: the table of docs/architecture.md is the one list of them. */
const page = readFileSync(new URL('docs/architecture.md', import.meta.url), 'utf8');
const ROOMS = [...page.matchAll(/^\| `lib\/([\w-]+)` /gm)].map(([, room]) => room);
if (ROOMS.length === 0) throw new Error('docs/architecture.md has no table of the rooms of lib');

/** The files of the actions whose functions may use keys. */
const WITH_KEYS = Object.entries(ACTIONS)
  .filter(([, traits]) => traits.derives || traits.seals)
  .map(([name]) => name.replaceAll(' ', '-'));

const SDK = '^node_modules/(@aws-sdk|@smithy)/';
const LAMBDA = '^node_modules/(@types/aws-lambda|@aws-lambda-powertools|@middy)/';

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

export default {
  forbidden: [
    forbid('no-circle', 'What imports each other is one module in two files.', {}, { circular: true }),
    forbid('no-orphan-import', 'An import must lead somewhere.', {}, { couldNotResolve: true }),
    forbid(
      'lib-stands-alone',
      'lib is what functions, command line and local stack share; it knows none of them.',
      { path: '^lib/' },
      { path: '^(functions|cli|infra|bin|bench|test|scripts)/' },
    ),
    forbid(
      'functions-use-lib-only',
      'A function is what is deployed: lib and packages, nothing of this machine.',
      { path: '^functions/' },
      { path: '^(cli|infra|bin|bench|test|scripts)/' },
    ),
    forbid(
      'functions-stay-apart',
      'Each function is deployed by itself; what two need is in lib.',
      { path: '^functions/' },
      { path: '^functions/' },
    ),
    forbid(
      'local-stack-is-a-tool',
      'The command line, the tests and the benches run the local stack; nothing that is deployed knows it.',
      { path: '^(lib|functions|infra|scripts|bin)/', pathNot: '^infra/local/' },
      { path: '^infra/local/' },
    ),
    forbid(
      'local-stack-knows-no-tokens',
      'The local stack runs any wiring of this kind: from lib it takes errors, the clock and checks of input.',
      { path: '^infra/local/' },
      {
        path: '^(lib|functions|cli|infra)/',
        pathNot: '^(infra/(local|event-pattern)/|lib/(base|schema)/)',
      },
    ),
    forbid(
      'event-patterns-stand-alone',
      'The package of event patterns can be used without the rest of this repository.',
      { path: '^infra/event-pattern/' },
      { path: '^(lib|functions|cli|infra|bin|bench|scripts|test)/', pathNot: '^infra/event-pattern/' },
    ),
    forbid(
      'nothing-imports-tests',
      'Tests know the code, not the other way round.',
      { pathNot: '^test/' },
      { path: '^test/' },
    ),
    ...ROOMS.slice(0, -1).map((room, floor) =>
      forbid(
        `${room}-imports-no-floor-above`,
        'A room imports only from rooms that stand before it in docs/architecture.md.',
        { path: `^lib/${room}/` },
        { path: `^lib/(${ROOMS.slice(floor + 1).join('|')})/` },
      ),
    ),
    forbid(
      'every-file-in-a-room',
      'A file of lib stands in one of the rooms of docs/architecture.md: the order of floors holds for it.',
      { path: '^lib/', pathNot: `^lib/(${ROOMS.join('|')})/` },
      {},
    ),
    forbid(
      'conditions-decide-on-facts',
      'A condition is a pure function of facts; where they come from is no business of its.',
      { path: '^lib/condition/' },
      { path: '^lib/(event|aws)/|^lib/token/store' },
    ),
    forbid(
      'sdk-in-adapters',
      'The AWS SDK is spoken in few places; the rest can be tested without it.',
      {
        path: '^lib/',
        pathNot:
          '^lib/aws/|/((reservation-|outcome-|set-|settings-|challenge-|attempt-|account-)?store|aws-senders|update|publish|put-auth-events|kms|dynamodb-directory|write|first-delivery|listing)\\.ts$',
      },
      { path: SDK },
    ),
    forbid(
      'lambda-at-the-edge',
      'What Lambda is shows in lib/lambda and in the functions only.',
      { path: '^lib/', pathNot: '^lib/lambda/' },
      { path: LAMBDA },
    ),
    forbid(
      'keys-in-few-hands',
      "What calls the keys is made in few places and by the administrator's command line; all else is given it.",
      {
        path: '^(lib|functions|infra)/',
        pathNot: '^lib/lambda/(generating-runtime|sealing-runtime|sealing-box)\\.ts$',
      },
      { path: '^lib/(aws/kms-client|secret/(kms|store))\\.ts$' },
    ),
    forbid(
      'keys-for-those-who-generate',
      'Only functions that generate, keep or check secrets may use the keys; their roles say the same.',
      {
        path: '^functions/',
        pathNot: `^functions/(actions/(${WITH_KEYS.join('|')})|http/(pre|definitions|validate|administration))\\.ts$`,
      },
      { path: '^lib/lambda/(generating-runtime|sealing-runtime|sealing-box|front-door)\\.ts$' },
    ),
    forbid(
      'no-undeclared-package',
      'What is imported is in package.json.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    forbid(
      'deployed-is-dependency',
      'What functions need is no development dependency.',
      { path: '^(functions|lib)/' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
    ),
  ],
  options: {
    tsPreCompilationDeps: true, // type imports are imports: they tie rooms together as well
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: '^node_modules/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
