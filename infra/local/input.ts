/**
 * Input transformers: what a rule hands to its target instead of the whole event. In the template `<name>` stands for a
 * part of the event: as JSON, or inside a quoted text as the text itself.
 *
 * Source: EventBridge, "Input transformation".
 */
import { isRecord, record, text } from './json.ts';

/** Makes the payload of a target. @param arrived when the bus received the event, in milliseconds since 1970 */
export type Input = (event: unknown, arrived: number) => unknown;

/** @param transformer of the rule's target; absent: the whole event is handed over */
export function parseInput(transformer: unknown): Input {
  if (!isRecord(transformer)) return (event) => event;
  const template = text(transformer.inputTemplate ?? transformer.InputTemplate) ?? '';
  const paths = record(transformer.inputPathsMap ?? transformer.InputPathsMap);
  return (event, arrived) => {
    const reserved: Readonly<Record<string, unknown>> = {
      'aws.events.event.json': event,
      'aws.events.event.ingestion-time': new Date(arrived).toISOString(),
    };
    return fill(template, (name) => reserved[name] ?? part(event, String(paths[name])));
  };
}

/** `$.detail.serial` of an event; undefined if it isn't there. */
function part(event: unknown, path: string): unknown {
  const keys = path
    .replace(/^\$\.?/, '')
    .split(/[.[\]]+/)
    .filter((key) => key !== '');
  return keys.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)];
    return record(value)[key];
  }, event);
}

function fill(template: string, value: (name: string) => unknown): unknown {
  const filled = template.replace(/"(?:[^"\\]|\\.)*"|<([\w.-]+)>/g, (whole, name: string | undefined) =>
    name === undefined ? fillText(whole, value) : (JSON.stringify(value(name)) ?? '""'),
  );
  try {
    return JSON.parse(filled);
  } catch {
    return filled;
  }
}

function fillText(quoted: string, value: (name: string) => unknown): string {
  return quoted.replace(/<([\w.-]+)>/g, (_, name: string) => {
    const found = value(name) ?? '';
    return JSON.stringify(typeof found === 'string' ? found : JSON.stringify(found)).slice(1, -1);
  });
}
