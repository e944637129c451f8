/** Conditional writes: that the condition does not hold is an answer, and no fault. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** @returns false where the write's condition does not hold @throws whatever else the write throws */
export async function unlessRefused(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
