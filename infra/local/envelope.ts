/** An event as EventBridge delivers it. Source: EventBridge, "AWS service event metadata". */
import { randomUUID } from 'node:crypto';
import { isRecord, type Json, list, record, text } from './json.ts';
import { ACCOUNT } from './references.ts';

export interface Envelope {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 to the second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Json;
}

/** An event as its sender gives it; `time` in milliseconds since 1970. */
export interface SentEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Json;
  readonly resources: readonly string[];
  readonly time: number;
}

export function envelopeOf({ source, detailType, detail, resources, time }: SentEvent, region: string): Envelope {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account: ACCOUNT,
    time: `${new Date(time).toISOString().slice(0, 19)}Z`,
    region,
    resources,
    detail,
  };
}

/** Reads a stored envelope. */
export function parseEnvelope(value: unknown): Envelope | undefined {
  if (!isRecord(value) || text(value.id) === undefined) return undefined;
  return {
    version: '0',
    id: String(value.id),
    'detail-type': String(value['detail-type']),
    source: String(value.source),
    account: String(value.account),
    time: String(value.time),
    region: String(value.region),
    resources: list(value.resources).map(String),
    detail: record(value.detail),
  };
}
