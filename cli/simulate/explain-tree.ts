/** Draws an explanation as a tree: each definition, its tokens, conditions and options, and what would change. */
import type {
  ExplainedCondition,
  ExplainedDefinition,
  ExplainedStep,
  Explanation,
} from '../../lib/simulate/explanation.ts';
import { count, type Paint, show } from '../output/display.ts';

type TreeBranch = { readonly line: string; readonly under: readonly TreeBranch[] };

/** Returns the lines of the tree. */
export function explanationTree({ event, definitions }: Explanation, paint: Paint): string[] {
  const { name, time, serials, user, source, position, id } = event;
  const owner = user ? `${user.login}@${user.realm}` : undefined;
  const about = [serials.join(', '), owner].filter(Boolean).join(' of ') || 'nobody';
  const head = `${paint('cyan', time)} ${paint('bold', name)} ${about} ${paint('dim', `(${source}, ${position}, ${id})`)}`;
  const acting = definitions.filter(({ acts }) => acts).length;
  const sum = `${acting} of ${count(definitions.length, 'definition')} of ${name} would act`;
  const branches = definitions.map((definition) => definitionBranch(definition, paint));
  return [head, ...drawn(branches, paint), paint('dim', sum)];
}

function drawn(branches: readonly TreeBranch[], paint: Paint): string[] {
  return branches.flatMap(({ line, under }, i) => {
    const isLast = i === branches.length - 1;
    const below = drawn(under, paint).map((inner) => `${paint('dim', isLast ? '   ' : '│  ')}${inner}`);
    return [`${paint('dim', isLast ? '└─ ' : '├─ ')}${line}`, ...below];
  });
}

const leaf = (line: string): TreeBranch => ({ line, under: [] });

function definitionBranch({ id, name, version, action, steps }: ExplainedDefinition, paint: Paint): TreeBranch {
  const title = `#${id} ${name}`.trim();
  const line = `${paint('bold', title)}${version > 0 ? ` v${version}` : ''}: ${action ?? 'cannot be read'}`;
  const [only] = steps;
  if (steps.length === 0) return leaf(`${line}  ${paint('dim', 'the event has no matching token')}`);
  return {
    line,
    under: only && steps.length === 1 ? [stepBranch(only, paint)] : steps.map((one) => stepBranch(one, paint)),
  };
}

const VERDICTS = {
  acts: ['green', '✔ would act'],
  done_before: ['blue', '✔ was done before'],
  skipped: ['yellow', '– would be skipped'],
  failed: ['red', '✘ would fail'],
  passed_over: ['dim', '· would not act'],
} as const;

function stepBranch(step: ExplainedStep, paint: Paint): TreeBranch {
  const { serial, verdict, reason, conditions, options, changes, announces } = step;
  const [colour, words] = VERDICTS[verdict];
  const why = reason ? ` ${reason.code}: ${reason.message}` : '';
  const nothing = verdict === 'acts' && changes !== null && Object.keys(changes).length === 0;
  const under = [
    ...conditions.map((condition) => leaf(conditionLine(condition, paint))),
    ...Object.entries(options).map(([name, value]) => leaf(`option ${name} = ${show(value)}`)),
    ...Object.entries(changes ?? {}).map(([field, [before, after]]) =>
      leaf(`changes ${field}: ${paint('red', show(before))} → ${paint('green', show(after))}`),
    ),
    ...(nothing ? [leaf(paint('dim', 'nothing to change: the token has these values already'))] : []),
    ...announces.map((name) => leaf(`${name}: ${paint('dim', 'would be announced once, on the results bus')}`)),
  ];
  return { line: `${paint(colour, words)} ${serial ?? '(no token)'}${why}`, under };
}

const CONDITION_WORDS = {
  holds: 'holds',
  does_not_hold: "doesn't hold",
  cannot_be_evaluated: 'cannot be evaluated',
} as const;

function conditionLine({ condition, unless, wanted, saw, verdict, passes }: ExplainedCondition, paint: Paint): string {
  const what = `${unless ? 'unless ' : ''}${condition}: wanted ${show(wanted)}`;
  if (verdict === 'not_known') {
    const counted = passes === unless ? "doesn't hold" : 'holds';
    return `${paint('yellow', '?')} ${what}: not known, and then it ${counted}`;
  }
  return `${passes ? paint('green', '✔') : paint('red', '✘')} ${what}, saw ${show(saw)}: ${CONDITION_WORDS[verdict]}`;
}
