/**
 * Reads the rules of the stack: those of a function's `events`, and those among the resources. A pattern that
 * EventBridge would refuse is refused here as well, with its path in serverless.yml.
 */
import { compilePattern, PatternError } from '@tokenwright/event-pattern';
import { joinPath, TokenwrightError } from '../../lib/base/error.ts';
import { type Input, parseInput } from './input.ts';
import { isRecord, type Json, list, number, record, text } from './json.ts';
import { ACCOUNT, type Resolve } from './references.ts';

export interface RetryPolicy {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
}

export interface RuleTarget {
  readonly arn: string;
  readonly input: Input;
  readonly retryPolicy: RetryPolicy;
  /** The ARN of the queue for events that could not be handed over. */
  readonly deadLetterArn: string | undefined;
}

export interface BusRule {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly pattern: unknown;
  readonly matches: (event: object) => boolean;
  readonly targets: readonly RuleTarget[];
}

/**
 * Reads the rules of a function's `events`, as the deployment tool makes them. @throws TokenwrightError `bad_pattern`
 */
export function rulesOfFunction(key: string, block: Json, arn: string, region: string, resolve: Resolve): BusRule[] {
  return list(block.events).flatMap((event, index) => {
    const eventBridge = record(event).eventBridge;
    const path = `functions.${key}.events[${index}].eventBridge`;
    if (!isRecord(eventBridge) || eventBridge.enabled === false || eventBridge.pattern === undefined) return [];
    const retryPolicy = record(eventBridge.retryPolicy);
    const target: RuleTarget = {
      arn,
      input: inputOf(eventBridge, path),
      retryPolicy: rulePolicy(retryPolicy.maximumRetryAttempts, retryPolicy.maximumEventAge),
      deadLetterArn: text(resolve(eventBridge.deadLetterQueueArn)),
    };
    const name = text(eventBridge.name) ?? `${key}-rule-${index + 1}`;
    return [ruleOf(name, text(resolve(eventBridge.eventBus)), eventBridge.pattern, [target], region, path)];
  });
}

/** Reads a rule among the resources. @throws TokenwrightError `bad_pattern` */
export function ruleOfResource(id: string, properties: Json, region: string): BusRule {
  const targets = list(properties.Targets).map((value) => {
    const target = record(value);
    const retryPolicy = record(target.RetryPolicy);
    return {
      arn: String(target.Arn),
      input: inputOf(target, `Resources.${id}`),
      retryPolicy: rulePolicy(retryPolicy.MaximumRetryAttempts, retryPolicy.MaximumEventAgeInSeconds),
      deadLetterArn: text(record(target.DeadLetterConfig).Arn),
    };
  });
  const enabled = properties.State !== 'DISABLED' && properties.EventPattern !== undefined;
  const pattern = enabled ? properties.EventPattern : { source: ['(disabled)'] };
  const path = `Resources.${id}.Properties.EventPattern`;
  return ruleOf(
    text(properties.Name) ?? id,
    text(properties.EventBusName),
    pattern,
    enabled ? targets : [],
    region,
    path,
  );
}

function ruleOf(
  name: string,
  eventBus: string | undefined,
  pattern: unknown,
  targets: readonly RuleTarget[],
  region: string,
  path: string,
): BusRule {
  const bus = busName(eventBus ?? 'default');
  const arn = `arn:aws:events:${region}:${ACCOUNT}:rule/${bus === 'default' ? name : `${bus}/${name}`}`;
  try {
    return { name, arn, bus, pattern, matches: compilePattern(pattern), targets };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const { given, allowed } = error;
    const details = { path: joinPath(path, error.path), given, allowed };
    throw new TokenwrightError('bad_pattern', error.message, details, { cause: error });
  }
}

/** The name of a bus that is given by name or by ARN. */
export function busName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn;
}

function rulePolicy(attempts: unknown, age: unknown): RetryPolicy {
  return { maximumRetryAttempts: number(attempts) ?? 185, maximumEventAgeSeconds: number(age) ?? 86_400 };
}

const NOT_EMULATED = ['input', 'inputPath', 'Input', 'InputPath'];

function inputOf(target: Json, path: string): Input {
  const given = NOT_EMULATED.find((key) => target[key] !== undefined);
  if (given === undefined) return parseInput(target.inputTransformer ?? target.InputTransformer);
  throw new TokenwrightError('bad_wiring', `${path}: the local stack knows inputTransformer, and not ${given}`, {
    path,
    given,
  });
}
