/** The client of KMS, in a module of its own: only what may use keys bundles it. */
import { KMSClient } from '@aws-sdk/client-kms';
import { requestHandler } from './clients.ts';

/** @param requestTimeout how long an answer may take, in milliseconds */
export function kmsClient(requestTimeout?: number): KMSClient {
  return new KMSClient({ requestHandler: requestHandler(requestTimeout) });
}
