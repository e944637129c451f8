/**
 * Intercepts the calls of all SDK clients of this process: records them, or answers them at once. This measures the CPU time
 * of an unchanged handler without the network.
 */
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

interface Request {
  headers: Record<string, string>;
  body: string | Uint8Array;
}
interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: Readable;
}
interface Wire {
  handle(request: Request, options?: unknown): Promise<{ response: Response }>;
}

/** The prototype of the SDK's HTTP handlers. */
const wire: Wire = Object.getPrototypeOf(new DynamoDBClient({ region: 'eu-central-1' }).config.requestHandler);
const send = wire.handle;

/** `UpdateItem`, `PutEvents`, ... */
function operationOf({ headers }: Request): string {
  return headers['x-amz-target']?.split('.').at(-1) ?? '';
}

export interface Call {
  readonly operation: string;
  readonly answer: string;
  /** Read and write units, as DynamoDB bills them. */
  readonly units: number;
}

/** Records every call, and asks DynamoDB what its calls cost. */
export function listen(onCall: (call: Call) => void): void {
  wire.handle = async function (this: Wire, request, options) {
    const operation = operationOf(request);
    if (operation !== 'PutEvents') {
      request.body = JSON.stringify({
        ...JSON.parse(Buffer.from(request.body).toString()),
        ReturnConsumedCapacity: 'TOTAL',
      });
      request.headers['content-length'] = String(Buffer.byteLength(request.body));
    }
    const { response } = await send.call(this, request, options);
    const answer = await text(response.body);
    response.body = Readable.from([Buffer.from(answer)]);
    onCall({ operation, answer, units: JSON.parse(answer).ConsumedCapacity?.CapacityUnits ?? 0 });
    return { response };
  };
}

/** Answers every call at once with what is given for its operation. */
export function answerAtOnce(answers: Readonly<Record<string, string>>): void {
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  wire.handle = async (request) => {
    const answer = answers[operationOf(request)] ?? '{}';
    return { response: { statusCode: 200, headers, body: Readable.from([Buffer.from(answer)]) } };
  };
}
