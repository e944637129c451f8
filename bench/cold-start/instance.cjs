/**
 * An instance of a function: loads the module and serves the event that comes on stdin, if one comes. Prints the CPU
 * time of both, in milliseconds. CommonJS without types: nothing is loaded here that a function would not load.
 *
 *   node instance.cjs MODULE
 */
const { readFileSync } = require('node:fs');

const input = readFileSync(0, 'utf8');
const before = process.cpuUsage();
const { handler } = require(process.argv[2]);
const load = millisecondsSince(before);
const loaded = process.cpuUsage();
const served =
  input === '' ? Promise.resolve() : handler(JSON.parse(input), { getRemainingTimeInMillis: () => 10_000 });
served.then(() => {
  console.log(JSON.stringify({ load, serve: millisecondsSince(loaded) }));
  process.exit(); // connections that are kept alive would keep the process
});

function millisecondsSince(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
