/** Servers in front of a stack's endpoints that write down every call, as IAM would see it. */
import { createServer, type Server } from 'node:http';
import { bodyOf } from '../../infra/local/api/server.ts';
import { forwardTo } from '../../infra/local/faults/forward.ts';
import { listen, stopServer } from '../../infra/local/listen.ts';

export interface RecordedCall {
  /** `dynamodb:GetItem` */
  readonly action: string;
  /** The name of the table, bus, queue or key, and `/index/NAME` behind a table's; an ARN of what a stack does not hold. */
  readonly resource: string;
  readonly context: Readonly<Record<string, readonly string[]>>;
  /** The entries of a `PutEvents`. */
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

export interface Recorder {
  readonly addresses: readonly string[];
  /** The calls since the last time. */
  take(): RecordedCall[];
  stop(): Promise<void>;
}

/** @param endpoints what is behind: one server each */
export async function record(endpoints: readonly string[]): Promise<Recorder> {
  let calls: RecordedCall[] = [];
  const servers: Server[] = endpoints.map((endpoint) => {
    const forward = forwardTo(endpoint);
    return createServer((request, response) => {
      void (async () => {
        const body = await bodyOf(request);
        calls.push(...callsOf(String(request.headers['x-amz-target'] ?? request.url), JSON.parse(body)));
        const answer = await forward({ path: request.url ?? '/', headers: request.headers, body });
        response.writeHead(answer.status, answer.headers).end(answer.body);
      })();
    });
  });
  const addresses = await listen(servers, 0);
  return {
    addresses,
    take: () => {
      const taken = calls;
      calls = [];
      return taken;
    },
    stop: async () => {
      await Promise.all(servers.map(stopServer));
    },
  };
}

const PREFIX: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'dynamodb',
  AWSEvents: 'events',
  AmazonSQS: 'sqs',
  TrentService: 'kms',
  PinpointSMSVoiceV2: 'sms-voice',
};

interface Body {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly RequestItems?: Readonly<Record<string, unknown>>;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly Entries?: readonly Entry[];
  readonly QueueUrl?: string;
  readonly KeyId?: string;
  readonly FromEmailAddress?: string;
  readonly OriginationIdentity?: string;
}
type Item = Readonly<Record<string, { readonly S?: string }>>;

/** SES v2 speaks REST: its path stands for the operation. */
const SEND_EMAIL = '/v2/email/outbound-emails';
/** As a policy's `Fn::Sub` reads before anything is deployed. */
const inAccount = (service: string, rest: string): string =>
  `arn:AWS::Partition:${service}:AWS::Region:AWS::AccountId:${rest}`;

/** One call, or one for each of the tables or buses that it is about: IAM decides on each of them. */
function callsOf(target: string, body: Body): RecordedCall[] {
  if (target === SEND_EMAIL) {
    // An identity may have a configuration set by default, on which IAM decides as well.
    return [`identity/${body.FromEmailAddress}`, 'configuration-set/default'].map((rest) => {
      return { action: 'ses:SendEmail', resource: inAccount('ses', rest), context: {}, entries: [] };
    });
  }
  const [service = '', operation = ''] = target.split('.');
  const action = `${PREFIX[service]}:${operation}`;
  const call = (resource: string, context = {}, entries: readonly Entry[] = []): RecordedCall => ({
    action,
    resource,
    context,
    entries,
  });
  if (body.Entries) {
    const entries = body.Entries;
    return [...new Set(entries.map(({ EventBusName }) => EventBusName))].map((bus) => {
      const its = entries.filter(({ EventBusName }) => EventBusName === bus);
      return call(bus, { 'events:source': its.map(({ Source }) => Source) }, its);
    });
  }
  if (body.OriginationIdentity) return [call(inAccount('sms-voice', `pool/${body.OriginationIdentity}`))];
  if (body.RequestItems) return Object.keys(body.RequestItems).map((table) => call(table));
  if (body.TableName) {
    const key = (body.Key ?? body.Item)?.pk?.S;
    const resource = body.IndexName ? `${body.TableName}/index/${body.IndexName}` : body.TableName;
    return [call(resource, key === undefined ? {} : { 'dynamodb:LeadingKeys': [key] })];
  }
  return [call(body.QueueUrl?.split('/').at(-1) ?? body.KeyId ?? '?')];
}
