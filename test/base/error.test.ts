/**
 * test/base proves that work done a few items at a time keeps its order and its errors.
 *
 * An error keeps its cause, and so does a copy of it.
 */
import { InvalidCiphertextException } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { TokenwrightError } from '../../lib/base/error.ts';
import { evaluable } from '../../lib/condition/condition.ts';
import { compileRegularExpression, loadRegularExpressions } from '../../lib/condition/regular-expression.ts';
import { Refusal } from '../../lib/schema/validate.ts';
import { kmsWrapper } from '../../lib/secret/kms.ts';
import { openSealed, sealWith } from '../../lib/secret/sealed.ts';
import { readStored, SECONDS } from '../../lib/text/stored-value.ts';
import { itemOf, recordOf } from '../../lib/token/item.ts';
import { newRecord } from '../../lib/token/record.ts';
import { tokenStore } from '../../lib/token/store.ts';

const CAUSE = new Error('the cause');
const KEY = { version: 1, key: Buffer.alloc(32, 7) };
const OATH1 = { purpose: 'otpkey', serial: 'OATH0001' } as const;
const RECORD = newRecord({ serial: 'OATH0001', tokentype: 'hotp' });
const refusing = (error: Error) => ({ send: () => Promise.reject(error) }) as never;

it('keeps its cause and its details when it is copied under a path', () => {
  const error = new TokenwrightError('bad_date', 'is no date', { path: 'valid from', given: 'x' }, { cause: CAUSE });
  expect(error.under('options')).toMatchObject({
    ...{ code: 'bad_date', message: 'is no date', cause: CAUSE },
    details: { path: 'options.valid from', given: 'x' },
  });
});

it('has no cause where there is none', () => {
  expect(new TokenwrightError('bad_date', 'is no date').under('options')).not.toHaveProperty('cause');
});

describe('the cause is kept', () => {
  it('of a secret that does not open', () => {
    const sealed = sealWith({ ...KEY, key: Buffer.alloc(32, 8) }, Buffer.from('secret'), OATH1);
    expect(failure(() => openSealed(KEY, sealed, OATH1))).toMatchObject({
      code: 'bad_secret',
      cause: expect.any(Error),
    });
  });

  it('of a data key that KMS refuses', async () => {
    const refused = new InvalidCiphertextException({ message: 'no', $metadata: {} });
    const wrapper = kmsWrapper('key', refusing(refused));
    await expect(wrapper.unwrap(Buffer.alloc(32), 1)).rejects.toMatchObject({ code: 'bad_secret', cause: refused });
  });

  it('of an item that DynamoDB finds too large', async () => {
    const tooLarge = Object.assign(new Error('Item size has exceeded'), { name: 'ValidationException' });
    const created = tokenStore(refusing(tooLarge), 'tokens').create(RECORD);
    await expect(created).rejects.toMatchObject({ code: 'token_too_large', cause: tooLarge });
  });

  it('of an item whose ledger cannot be unpacked', () => {
    const refusal = failure(() => recordOf({ ...itemOf(RECORD), ledger: Buffer.of(1, 2, 3) }));
    expect(refusal).toBeInstanceOf(Refusal);
    expect((refusal as Refusal).errors).toMatchObject([{ code: 'bad_item', cause: expect.any(RangeError) }]);
  });

  it('of a stored value that a condition cannot read', () => {
    const error = failure(() => evaluable(() => readStored({ timeShift: 'x' }, 'timeShift', SECONDS)));
    expect(error).toMatchObject({ code: 'bad_condition', cause: { code: 'unreadable_value' } });
  });

  it('of a regular expression that the engine refuses', async () => {
    await loadRegularExpressions();
    const error = failure(() => compileRegularExpression('(', 'search'));
    expect(error).toMatchObject({ code: 'bad_condition', cause: expect.any(Error) });
  });
});

function failure(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
