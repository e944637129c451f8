/**
 * Whether a text can be part of a DynamoDB key. One that cannot names no item: a read answers so itself, because
 * DynamoDB would refuse it every time, and a refusal that is retried keeps an event busy for a day.
 */
const PARTITION_BYTES = 2048;
const SORT_BYTES = 1024;

export function isPartitionKey(text: string): boolean {
  return fits(text, PARTITION_BYTES);
}

export function isSortKey(text: string): boolean {
  return fits(text, SORT_BYTES);
}

/** DynamoDB takes UTF-8, which has no half of a surrogate pair. */
function fits(text: string, bytes: number): boolean {
  return text !== '' && Buffer.byteLength(text) <= bytes && text.isWellFormed();
}
