/** S3 as a deployment uses it: buckets of objects, path-style addresses. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './answer.ts';

/** The objects by bucket and key. */
export type Buckets = Map<string, Map<string, Buffer>>;

const XML = { 'content-type': 'application/xml' };

/** Answers one request. */
export function s3(buckets: Buckets, method: string, url: URL, body: Buffer, headers: IncomingHttpHeaders): Answer {
  const [, name = '', ...rest] = decodeURIComponent(url.pathname).split('/');
  const key = rest.join('/');
  const bucket = buckets.get(name);
  if (bucket === undefined) return failure(404, 'NoSuchBucket');
  if (method === 'PUT' && key !== '') {
    bucket.set(key, contentOf(body, headers));
    return { headers: { etag: '"0"' } };
  }
  if (method === 'POST' && url.searchParams.has('delete')) {
    for (const [, found = ''] of body.toString('utf8').matchAll(/<Key>([^<]+)<\/Key>/g)) bucket.delete(found);
    return { body: '<DeleteResult></DeleteResult>', headers: XML };
  }
  if (key === '') return list(bucket, url.searchParams.get('prefix') ?? '');
  const object = bucket.get(key);
  return object === undefined ? failure(404, 'NoSuchKey') : { body: method === 'HEAD' ? '' : object };
}

function list(bucket: ReadonlyMap<string, Buffer>, prefix: string): Answer {
  const found = [...bucket].filter(([key]) => key.startsWith(prefix));
  const contents = found.map(
    ([key, { length }]) =>
      `<Contents><Key>${key}</Key><LastModified>2026-01-01T00:00:00Z</LastModified><Size>${length}</Size></Contents>`,
  );
  const body = `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`;
  return { body, headers: XML };
}

/** Takes the chunks of `aws-chunked` apart: each has its length in hexadecimal before it. */
function contentOf(body: Buffer, headers: IncomingHttpHeaders): Buffer {
  if (!String(headers['content-encoding'] ?? '').includes('aws-chunked')) return body;
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const length = Number.parseInt(body.subarray(at, end).toString('latin1'), 16);
    if (!(length > 0)) return Buffer.concat(chunks);
    chunks.push(body.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
}

function failure(status: number, code: string): Answer {
  return { status, body: `<Error><Code>${code}</Code><Message>${code}</Message></Error>`, headers: XML };
}
