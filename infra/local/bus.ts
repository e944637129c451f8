/**
 * The buses: delivers an event to the targets of every rule that matches it, at least once, in no particular order. As
 * on AWS there are two stages, each with retries and dead letters of its own: EventBridge hands the event over under
 * the retry policy of the rule, then Lambda invokes the function under that of the function.
 */
import { handOverAttributes, invocationRecord } from './dead-letter.ts';
import type { Observer } from './delivery.ts';
import { type Arrival, type Delivery, deliveriesOf, type Exhausted, exhaustion, parseDelivery } from './delivery.ts';
import type { Faults } from './faults/faults.ts';
import { type JournalFile, openJournal } from './journal.ts';
import type { LambdaRuntime } from './lambda.ts';
import { pendingWork, randomFrom } from './pending.ts';
import type { Queues } from './queues.ts';
import type { BusRule, RuleTarget } from './rules.ts';
import type { LambdaFunction, Wiring } from './wiring.ts';

export interface BusOptions extends Observer {
  readonly wiring: Wiring;
  readonly runtime: LambdaRuntime;
  readonly queues: Queues;
  /** The file of pending deliveries; absent: they are kept in memory. */
  readonly file: JournalFile | undefined;
  readonly concurrency: number;
  /** Delivers every event `copies` times, in an order that `seed` determines. */
  readonly delivery: { readonly copies: number; readonly seed: number } | undefined;
  /** The pause after a failed attempt, in milliseconds; 1 is the first attempt. */
  readonly retryDelay: (attempt: number) => number;
  /** May throw as if the target could not be reached, to test the retries of rules. */
  readonly handOver: ((functionName: string, event: unknown) => void) | undefined;
  readonly faults: Faults | undefined;
}

export interface Bus {
  /** Puts events on a bus. After it has returned, they are not lost if the process is killed. */
  put(bus: string, arrivals: readonly Arrival[]): void;
  has(bus: string): boolean;
  idle(): Promise<void>;
  hold(): () => void;
  stop(): Promise<void>;
}

export function startBus(options: BusOptions): Bus {
  const { wiring, runtime, queues, delivery, retryDelay, faults } = options;
  const journal = openJournal(options.file, parseDelivery);
  const random = delivery && randomFrom(delivery.seed);
  const inTurn = (length: number): number => (faults?.onBus('reorder') ? faults.below(length) : 0);
  const delayed = new Set<string>();
  const pending = pendingWork<Delivery>({
    concurrency: options.concurrency,
    pick: random ?? inTurn,
    work: (item) => deliver(item),
  });

  const deliver = async (item: Delivery): Promise<void> => {
    const rule = wiring.rules.find(({ arn }) => arn === item.ruleArn);
    const target = rule?.targets.find(({ arn }) => arn === item.targetArn);
    if (rule === undefined || target === undefined) return journal.done(item.id); // the rule was removed
    if (!delayed.has(item.id) && faults?.onBus('delay')) {
      delayed.add(item.id);
      return pending.add(item);
    }
    const payload = target.input(item.envelope, item.arrived);
    const lambda = wiring.functions.find(({ arn }) => arn === target.arn);
    if (faults?.onBus('drop')) return drop(item, rule, target, lambda, payload);
    if (item.stage === 'invocation' && lambda !== undefined) return invoke(item, lambda, payload);
    return handOver(item, rule, target, lambda, payload);
  };

  const handOver = (
    item: Delivery,
    rule: BusRule,
    target: RuleTarget,
    lambda: LambdaFunction | undefined,
    payload: unknown,
  ): Promise<void> | void => {
    const queue = queues.find(target.arn);
    if (lambda === undefined && queue === undefined) {
      return giveUp(
        item,
        target,
        rule,
        { code: 'NO_RESOURCE', message: `there is no target ${target.arn}` },
        undefined,
      );
    }
    try {
      options.handOver?.(lambda?.name ?? target.arn, payload);
    } catch (error) {
      const failure = { code: 'SDK_CLIENT_ERROR', message: messageOf(error) };
      const exhausted = exhaustion(item, target.retryPolicy);
      return exhausted === undefined ? again(item) : giveUp(item, target, rule, failure, exhausted);
    }
    if (lambda !== undefined) return invoke({ ...item, stage: 'invocation', attempt: 1 }, lambda, payload);
    if (queue !== undefined) queues.send(queue, JSON.stringify(payload));
    journal.done(item.id);
  };

  /** Injects a fault: gives the delivery up without further retries. */
  const drop = (
    item: Delivery,
    rule: BusRule,
    target: RuleTarget,
    lambda: LambdaFunction | undefined,
    payload: unknown,
  ): void => {
    const error = new Error('injected fault: dropped');
    if (lambda === undefined || item.stage === 'hand-over') {
      giveUp(item, target, rule, { code: 'SDK_CLIENT_ERROR', message: error.message }, 'attempts');
      return;
    }
    const record = invocationRecord(lambda, payload, error, item.attempt, 'RetriesExhausted');
    bury(lambda.onFailureArn, payload, JSON.stringify(record), error.message);
    journal.done(item.id);
  };

  const giveUp = (
    item: Delivery,
    { deadLetterArn, ...target }: RuleTarget,
    rule: BusRule,
    failure: { readonly code: string; readonly message: string },
    exhausted: Exhausted,
  ): void => {
    const condition = exhausted === 'age' ? 'MaximumEventAge' : 'MaximumRetryAttempts';
    const attributes = handOverAttributes(
      rule,
      { ...target, deadLetterArn },
      {
        ...failure,
        attempts: item.attempt - 1,
        ...(exhausted === undefined ? {} : { exhausted: condition }),
      },
    );
    bury(deadLetterArn, item.envelope, JSON.stringify(item.envelope), failure.message, attributes);
    journal.done(item.id);
  };

  const invoke = async (item: Delivery, lambda: LambdaFunction, payload: unknown): Promise<void> => {
    const invocation = { functionName: lambda.name, event: payload, attempt: item.attempt };
    try {
      const result = await runtime.invoke(lambda, payload);
      options.onInvocation?.({ ...invocation, result });
    } catch (error) {
      options.onInvocation?.({ ...invocation, error });
      const exhausted = exhaustion(item, lambda.retryPolicy);
      if (exhausted === undefined) return again(item);
      const condition = exhausted === 'age' ? 'EventAgeExceeded' : 'RetriesExhausted';
      const record = invocationRecord(lambda, payload, error, item.attempt, condition);
      bury(lambda.onFailureArn, payload, JSON.stringify(record), messageOf(error));
    }
    journal.done(item.id);
  };

  const again = (item: Delivery): void => {
    pending.add({ ...item, attempt: item.attempt + 1 }, retryDelay(item.attempt));
  };

  const bury = (
    queueArn: string | undefined,
    event: unknown,
    body: string,
    reason: string,
    attributes: Parameters<Queues['send']>[2] = {},
  ): void => {
    const queue = queueArn === undefined ? undefined : queues.find(queueArn);
    if (queue !== undefined) queues.send(queue, body, attributes);
    options.onDeadLetter?.({ queue: queue?.name ?? '', event, reason });
  };

  const copies = (): number => (delivery?.copies ?? 1) + (faults?.onBus('duplicate') ? 1 : 0);

  for (const item of journal.left.values()) pending.add(item);

  return {
    has: (bus) => wiring.buses.includes(bus),
    put: (bus, arrivals) => {
      const deliveries = arrivals.flatMap((arrival) =>
        wiring.rules
          .filter((rule) => rule.bus === bus && rule.matches(arrival.envelope))
          .flatMap((rule) => rule.targets.flatMap((target) => deliveriesOf(rule, target, arrival, copies()))),
      );
      if (deliveries.length > 0) journal.add(deliveries.map((item) => [item.id, item]));
      for (const { envelope } of arrivals) options.onEvent?.(bus, envelope);
      for (const item of deliveries) pending.add(item);
    },
    idle: () => pending.idle(),
    hold: () => pending.hold(),
    stop: async () => {
      await pending.stop();
      journal.close();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
