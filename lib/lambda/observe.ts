/**
 * Writes structured logs and metrics, the same for every function. The line of a step has event, definition, action,
 * serial and outcome, and never a secret: `response` and `changes` are not logged.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Outcome } from '../event/outcome.ts';

export const logger = new Logger();
const metrics = new Metrics({ logger });
/** Never published; serializes the metric of a step's line. */
const stepMetrics = new Metrics({ logger });
/** Powertools' level of `info`. */
const INFO = 12;

/** Wraps a handler: sets the logger's context, writes the metrics at the end, logs an error once and rethrows it. */
export function observed<Event, Result>(handler: (event: Event) => Promise<Result>) {
  return middy<Event, Result, Error, Context>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .after(flush)
    .onError(({ error }) => {
      logger.error('the invocation failed and will be repeated', { error });
      count('FailedInvocations');
      flush();
    })
    .handler((event) => handler(event));
}

/** Writes the metrics. Without any, Powertools would write a warning. */
function flush(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}

/**
 * Writes an outcome as one line, which contains its metric (embedded metric format); at a higher log level the metric
 * alone.
 */
export function observeOutcome({ id, status, event, definition, action, serial, reason }: Outcome): void {
  const metric = `Step${status[0]?.toUpperCase()}${status.slice(1)}`;
  if (logger.level > INFO) {
    count(metric);
    return;
  }
  // The logger writes the service itself, and warns of a second one.
  const { service: _, ...embedded } = stepMetrics.addMetric(metric, MetricUnit.Count, 1).serializeMetrics();
  stepMetrics.clearMetrics();
  logger.info(`step ${status}`, {
    step_id: id,
    event_id: event.id,
    event_name: event.name,
    definition: definition?.id ?? null,
    action,
    serial,
    status,
    reason: reason?.code ?? null,
    ...embedded,
  });
}

/** Adds to a metric, which is written when the invocation ends. @param metric a name of docs/operations.md */
export function count(metric: string, value = 1): void {
  metrics.addMetric(metric, MetricUnit.Count, value);
}
