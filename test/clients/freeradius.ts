/**
 * test/clients proves that FreeRADIUS, PHP, oathtool and curl can log in here as at privacyIDEA: `npm run clients`.
 *
 * Starts Debian's FreeRADIUS with `rlm_rest`, on a free port of loopback, configured as in docs/clients.md.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const SECRET = 'testing123';

/** What `authenticate` does: by the HTTP status alone, or by the body, challenges included. */
export type Way = 'radiuscheck' | 'check';

export interface Radius {
  /** Sends one Access-Request. @returns what `radclient` prints */
  ask(attributes: Readonly<Record<string, string>>): Promise<string>;
  stop(): Promise<void>;
}

export async function startFreeradius(door: string, way: Way, port: number): Promise<Radius> {
  const folder = await mkdtemp(join(tmpdir(), 'tokenwright-radius-'));
  await writeFile(join(folder, 'radiusd.conf'), configuration(folder, door, way, port));
  const server = spawn('freeradius', ['-f', '-l', 'stdout', '-d', folder, '-n', 'radiusd'], { stdio: 'pipe' });
  let log = '';
  const collect = (chunk: Buffer): void => {
    log += chunk.toString();
  };
  server.stdout.on('data', collect);
  server.stderr.on('data', collect);
  for (let i = 0; !log.includes('Ready to process requests'); i += 1) {
    if (i === 100 || server.exitCode !== null) throw new Error(`FreeRADIUS did not start: ${log}`);
    await setTimeout(100);
  }
  return {
    ask: (attributes) => radclient(attributes, port),
    async stop() {
      server.kill();
      await new Promise((resolve) => server.once('exit', resolve));
      await rm(folder, { recursive: true });
    },
  };
}

function radclient(attributes: Readonly<Record<string, string>>, port: number): Promise<string> {
  return new Promise((resolve) => {
    const client = spawn('radclient', ['-x', '-r', '1', '-t', '8', `127.0.0.1:${port}`, 'auth', SECRET]);
    let printed = '';
    client.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    client.once('close', () => resolve(printed));
    const pairs = Object.entries(attributes).map(([name, value]) =>
      name === 'State' ? `State = ${value}` : `${name} = "${value}"`,
    );
    client.stdin.end(`${pairs.join(', ')}\n`);
  });
}

const BY_STATUS = 'rest';
/** Reads the body, since a bare `authenticate` would accept every HTTP 200. */
const BY_BODY = `rest
      if (&reply:REST-HTTP-Body =~ /"value": ?true/) {
        ok
      }
      elsif (&reply:REST-HTTP-Body =~ /"transaction_id": ?"([0-9]+)"/) {
        update reply {
          State := "%{1}"
        }
        if (&reply:REST-HTTP-Body =~ /"message": ?"([^"]*)"/) {
          update reply {
            Reply-Message := "%{1}"
          }
        }
        update control {
          Response-Packet-Type := Access-Challenge
        }
        handled
      }
      else {
        reject
      }`;

function configuration(folder: string, door: string, way: Way, port: number): string {
  const state = way === 'check' ? '&state=%{string:State}' : '';
  return `
libdir = /usr/lib/freeradius
logdir = ${folder}
run_dir = ${folder}
pidfile = ${folder}/pid
max_request_time = 30
security { max_attributes = 200, reject_delay = 0, status_server = no }
thread pool { start_servers = 1, max_servers = 4, min_spare_servers = 1, max_spare_servers = 2, max_requests_per_server = 0 }
client loopback { ipaddr = 127.0.0.1, secret = ${SECRET}, require_message_authenticator = no }
instantiate {
  expr
}
modules {
  expr {
  }
  always ok { rcode = ok }
  always reject { rcode = reject }
  always handled { rcode = handled }
  rest {
    connect_uri = "${door}"
    connect_timeout = 4.0
    authenticate {
      uri = "\${..connect_uri}/validate/${way}"
      method = 'post'
      body = 'post'
      data = "user=%{urlquote:%{User-Name}}&pass=%{urlquote:%{User-Password}}${state}"
      force_to = 'plain'
      timeout = 4.0
    }
    pool { start = 0, min = 0, max = 4, spare = 1, uses = 0, lifetime = 0, idle_timeout = 60 }
  }
}
server default {
  listen { type = auth, ipaddr = 127.0.0.1, port = ${port} }
  authorize { update control { Auth-Type := REST } }
  authenticate {
    Auth-Type REST {
      ${way === 'check' ? BY_BODY : BY_STATUS}
    }
  }
}
`.replace(/, (?=[a-z_]+ = )/g, '\n');
}
