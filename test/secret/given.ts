/** The secrets that go in, each unlike every other text, by the way that it takes. */
const hex = (text: string): string => Buffer.from(text).toString('hex');

export const GIVEN = {
  importedKey: 'imported-key-of-20-b',
  importedPin: 'imported-pin-4711',
  csvKey: 'csv-key-of-twenty-by',
  refusedKey: 'no-hex-refused-key-1',
  definedKey: 'defined-key-of-20-by',
  keyInText: 'key-in-text-of-20-by',
  definedPin: 'defined-pin-4712',
  motpPin: '471347134713',
  definedPassword: 'defined-password-4713',
  definedTans: '93847501 93847502',
  putKey: 'put-by-http-key-20-b',
  putPin: 'put-by-http-pin-4714',
  refusedByHttp: 'no-hex-refused-key-2',
  refusedInFile: 'no-hex-refused-key-3',
  proposedPin: 'proposed-pin-4715',
  scenarioKey: 'scenario-key-of-20-b',
  sentPass: 'sent-pass-4714',
  sentPassword: 'sent-password-4715',
  sentKey: 'sent-otpkey-4716',
  sentPin: 'sent-pin-4717',
  sentOtppin: 'sent-otppin-4718',
  sentMotppin: 'sent-motppin-4719',
  sentSecret: 'sent-secret-4720',
  sentUrl: 'otpauth://totp/sent?secret=SENTURL4721',
  sentMotpUrl: 'motp://sent:T9?secret=4721',
  sentOtps: '84756301',
  sentCode: 'sent-registration-code-4722',
  sentTans: 'sent-tans-4723',
  prePass: 'pre-pass-4724',
  putPass: 'put-pass-4725',
  malformedPass: 'malformed-pass-4726',
  typedPassword: 'typed-password-4727',
} as const;

/** Keys travel in hexadecimal. */
export const keys = {
  imported: hex(GIVEN.importedKey),
  csv: hex(GIVEN.csvKey),
  defined: hex(GIVEN.definedKey),
  inText: hex(GIVEN.keyInText),
  put: hex(GIVEN.putKey),
  scenario: hex(GIVEN.scenarioKey),
};
