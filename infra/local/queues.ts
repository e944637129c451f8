/**
 * The queues of the stack, as far as dead letters need them. A received message is hidden, and visible again if it is
 * not deleted in time. With a data folder, messages survive the process.
 */
import { createHash, randomUUID } from 'node:crypto';
import { type JournalFile, openJournal } from './journal.ts';
import { isRecord, record, text } from './json.ts';
import type { Queue } from './wiring.ts';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue: string;
}

export interface Message {
  readonly id: string;
  readonly queue: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** In milliseconds since 1970. */
  readonly sentAt: number;
}

/** A message that was received. */
export interface Received extends Message {
  readonly receiptHandle: string;
  readonly receiveCount: number;
}

interface Held {
  readonly message: Message;
  visibleFrom: number;
  receiveCount: number;
  receiptHandle: string;
}

export interface Queues {
  readonly all: readonly Queue[];
  /** The queue of a name, URL or ARN. */
  find(nameUrlOrArn: string): Queue | undefined;
  send(queue: Queue, body: string, attributes?: Message['attributes']): Message;
  /** The messages of a queue, also the hidden ones. */
  peek(queue: Queue): readonly Message[];
  receive(queue: Queue, limit?: number, visibilityTimeoutSeconds?: number): readonly Received[];
  /** Hides a received message for a number of seconds from now; 0: it can be received at once. */
  hide(queue: Queue, receiptHandle: string, visibilityTimeoutSeconds: number): void;
  delete(queue: Queue, receiptHandle: string): void;
  close(): void;
}

/** @param file the journal of the messages; absent: they are kept in memory */
export function openQueues(all: readonly Queue[], file: JournalFile | undefined): Queues {
  const journal = openJournal(file, parseMessage);
  const held = new Map<string, Held[]>(all.map(({ name }) => [name, []]));
  const hold = (message: Message): void => {
    held.get(message.queue)?.push({ message, visibleFrom: 0, receiveCount: 0, receiptHandle: '' });
  };
  for (const message of journal.left.values()) hold(message);

  return {
    all,
    find: (given) =>
      all.find(({ name, url, arn }) => given === name || given === url || given === arn || given.endsWith(`/${name}`)),
    send: ({ name }, body, attributes = {}) => {
      const message: Message = { id: randomUUID(), queue: name, body, attributes, sentAt: Date.now() };
      journal.add([[message.id, message]]);
      hold(message);
      return message;
    },
    peek: ({ name }) => (held.get(name) ?? []).map(({ message }) => message),
    receive: ({ name }, limit = 1, visibilityTimeoutSeconds = 30) => {
      const visible = (held.get(name) ?? []).filter(({ visibleFrom }) => visibleFrom <= Date.now()).slice(0, limit);
      return visible.map((entry) => {
        entry.visibleFrom = Date.now() + visibilityTimeoutSeconds * 1000;
        entry.receiveCount += 1;
        entry.receiptHandle = randomUUID();
        return { ...entry.message, receiptHandle: entry.receiptHandle, receiveCount: entry.receiveCount };
      });
    },
    hide: ({ name }, receiptHandle, visibilityTimeoutSeconds) => {
      const entry = held.get(name)?.find((one) => one.receiptHandle === receiptHandle);
      if (entry) entry.visibleFrom = Date.now() + visibilityTimeoutSeconds * 1000;
    },
    delete: ({ name }, receiptHandle) => {
      const messages = held.get(name) ?? [];
      const index = messages.findIndex((entry) => entry.receiptHandle === receiptHandle);
      for (const { message } of index < 0 ? [] : messages.splice(index, 1)) journal.done(message.id);
    },
    close: () => journal.close(),
  };
}

export function md5(value: string): string {
  return createHash('md5').update(value).digest('hex');
}

/** How the checksum marks an attribute whose value is a text. */
const IS_TEXT = 1;

/** Computes the checksum that clients compare: names in order, each part preceded by its length. */
export function md5OfAttributes(attributes: Message['attributes']): string {
  const hash = createHash('md5');
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  const inOrder = Object.entries(attributes).toSorted(([one], [other]) => (one < other ? -1 : 1));
  for (const [name, { DataType, StringValue }] of inOrder) {
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([IS_TEXT]));
    add(Buffer.from(StringValue));
  }
  return hash.digest('hex');
}

/** Reads the attributes that a client or a journal gives: texts, as all who write dead letters send them. */
export function parseAttributes(value: unknown): Message['attributes'] {
  return Object.fromEntries(
    Object.entries(record(value)).map(([name, given]) => {
      const { DataType, StringValue } = record(given);
      return [name, { DataType: text(DataType) ?? 'String', StringValue: text(StringValue) ?? '' }];
    }),
  );
}

function parseMessage(value: unknown): Message | undefined {
  if (!isRecord(value)) return undefined;
  const { id, queue, body, attributes, sentAt } = value;
  return {
    id: String(id),
    queue: String(queue),
    body: String(body),
    attributes: parseAttributes(attributes),
    sentAt: Number(sentAt),
  };
}
