/**
 * Prints each failed test with its message, then the count: "N passed, N failed". A missing report counts as a failure,
 * because no test ran.
 *
 *     node .ci/summary.mjs REPORT...     Vitest's JSON reports
 */
import { readFileSync } from 'node:fs';

const MOST_CHARACTERS = 1_500;

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, testResults: [] };
  }
}

let passed = 0;
let failed = 0;
for (const report of process.argv.slice(2).map(readReport)) {
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  for (const { name, status, message, assertionResults } of report.testResults) {
    if (status === 'failed' && assertionResults.length === 0) {
      failed += 1;
      console.log(`failed test file: ${name}\n${message.slice(0, MOST_CHARACTERS)}`);
    }
    for (const { status, fullName, failureMessages } of assertionResults) {
      if (status !== 'failed') continue;
      console.log(`failed test: ${name}: ${fullName}\n${failureMessages.join('\n').slice(0, MOST_CHARACTERS)}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
