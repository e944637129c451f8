/**
 * Starts the servers of the stack: DynamoDB, the other AWS services, the HTTP API; with faults, fronts before the first
 * two.
 */
import type { Server } from 'node:http';
import { type HttpApi, httpServer } from './api/http-api.ts';
import { apiServer, type Service } from './api/server.ts';
import { dynamodbServer } from './dynamodb.ts';
import { type Faults, faultsFrom } from './faults/faults.ts';
import { front } from './faults/front.ts';
import type { FaultPlan } from './faults/specification.ts';
import { type Invocations, openInvocations } from './invocations.ts';
import { listen, stopServer } from './listen.ts';

export interface Endpoints {
  readonly dynamodb: string;
  /** EventBridge, SQS, KMS, SES and End User Messaging. */
  readonly eventbridge: string;
  readonly http: string;
}

export interface EndpointOptions {
  /** The URL of another DynamoDB. */
  readonly dynamodb: string | undefined;
  /** The folder of the embedded DynamoDB; absent: in memory. */
  readonly folder: string | undefined;
  /** The first of three ports in a row; 0: any free ones. */
  readonly port: number;
  readonly faults: FaultPlan | undefined;
  /** Is told of every call: `dynamodb:GetItem`. */
  readonly count: (call: string) => void;
  readonly services: () => readonly Service[];
  readonly api: () => HttpApi;
}

/** The parts that exist only if faults are injected. */
export interface Faulty {
  readonly faults: Faults;
  readonly invocations: Invocations;
  /** Lets the calls take effect that are still held back. @returns whether there were any */
  settle(): Promise<boolean>;
}

export interface RunningEndpoints {
  readonly endpoints: Endpoints;
  readonly faulty: Faulty | undefined;
  stop(): Promise<void>;
}

/** Starts the servers. @throws TokenwrightError `port_in_use` */
export async function startEndpoints(options: EndpointOptions): Promise<RunningEndpoints> {
  const { dynamodb, port, count } = options;
  const database = dynamodb === undefined ? dynamodbServer(options.folder, count) : undefined;
  const services = apiServer(options.services, count);
  const behind = [...(database ? [database] : []), services];
  const faulty = options.faults && (await putFronts(options.faults, dynamodb, behind));
  const called = faulty?.fronts ?? behind;
  const servers = [...called, httpServer(options.api)];
  const hasDatabase = called.length === 2;
  const addresses = await listen(servers, hasDatabase || port === 0 ? port : port + 1);
  const [first = '', eventbridge = '', http = ''] = hasDatabase ? addresses : [dynamodb, ...addresses];
  return {
    endpoints: { dynamodb: first, eventbridge, http },
    faulty,
    stop: async () => {
      await Promise.all([...new Set([...servers, ...behind])].map(stopServer));
      faulty?.invocations.close();
    },
  };
}

/** Lets the servers listen, and makes a front for each; another DynamoDB gets one as well. */
async function putFronts(plan: FaultPlan, dynamodb: string | undefined, servers: readonly Server[]) {
  const addresses = await listen(servers, 0);
  const faults = faultsFrom(plan);
  const invocations = openInvocations();
  const fronts = [...(dynamodb === undefined ? [] : [dynamodb]), ...addresses].map((address) =>
    front(address, faults, invocations),
  );
  return {
    faults,
    invocations,
    fronts: fronts.map(({ server }) => server),
    settle: async () => (await Promise.all(fronts.map((one) => one.settle()))).includes(true),
  };
}

/** Without credentials in the environment, the SDK would look for them in files and on the network. */
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

/** Makes the environment variables that point every AWS SDK at the endpoints. */
export function connectionsOf({ dynamodb, eventbridge }: Endpoints, region: string): Record<string, string> {
  return {
    ...CREDENTIALS,
    AWS_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_EVENTBRIDGE: eventbridge,
    AWS_ENDPOINT_URL_SQS: eventbridge,
    AWS_ENDPOINT_URL_KMS: eventbridge,
    AWS_ENDPOINT_URL_SESV2: eventbridge,
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: eventbridge,
  };
}
