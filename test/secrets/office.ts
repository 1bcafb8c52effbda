import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import { startPracticeService } from '../../main/practice/server.ts';
import { PRACTICE_RULES_FAST } from '../../main/practice/rules.ts';
import { testCertificate } from '../support/certificate.ts';
import { type CommandResult, FirnCommand, finish } from '../support/firn-command.ts';
import { proxyServer, socksServer } from '../support/https-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { plantedSecret } from './planted.ts';

/**
 * An office: a service that only its proxies lead to, under a certificate of the office's own, and a Firn whose surroundings
 * hold a secret wherever one can stand. All that Firn prints is kept.
 */
export async function office() {
  const folder = temporaryFolder();
  const secrets = {
    'secret access key': plantedSecret('/+='),
    'session token': plantedSecret('/+=='),
    'password of the HTTP proxy': plantedSecret('%zz#w@/:'),
    'password of the HTTPS proxy': plantedSecret(' ä"\\'),
    'password of the SOCKS proxy': plantedSecret('%'),
    'password that a proxy refuses': plantedSecret('?'),
    'password of a dead proxy': plantedSecret('#'),
    'password typed for a proxy': plantedSecret('%:"ä'),
    'wrong password typed for a proxy': plantedSecret('/'),
    'password in the endpoint': plantedSecret(),
    'command line of credential_process': plantedSecret(),
    'output of credential_process': plantedSecret(),
    'complaint of credential_process': plantedSecret(),
    'static key of a profile': plantedSecret('/'),
    'token of single sign-on': plantedSecret(),
    'endpoint in an imported file': plantedSecret(),
  };
  const keys = {
    accessKeyId: 'ASIAOFFICE0000000000',
    secretAccessKey: secrets['secret access key'],
    sessionToken: secrets['session token'],
  };
  const practice = await startPracticeService({
    folder: join(folder, 'practice'),
    credentials: [{ ...keys, expiresAt: null }],
    rules: PRACTICE_RULES_FAST,
  });
  onTestFinished(() => practice.close());
  const port = await tlsInFrontOf(practice.port);
  const endpoint = `https://glacier.test:${port}`;
  const basic = (password: string): string => `Basic ${Buffer.from(`anna:${password}`).toString('base64')}`;
  const http = await proxyServer({ authorization: basic(secrets['password of the HTTP proxy']) });
  const https = await proxyServer({ secure: true, authorization: basic(secrets['password of the HTTPS proxy']) });
  const asking = await proxyServer({ authorization: basic(secrets['password typed for a proxy']) });
  const socks = await socksServer(`anna:${secrets['password of the SOCKS proxy']}`);
  const withLogin = (url: string, password: string): string => url.replace('//', `//anna:${password}@`);
  const proxies = {
    http: withLogin(http.url, secrets['password of the HTTP proxy']),
    https: withLogin(https.url, encodeURIComponent(secrets['password of the HTTPS proxy'])),
    socks: withLogin(socks.url, secrets['password of the SOCKS proxy']),
    refusing: withLogin(http.url, secrets['password that a proxy refuses']),
    dead: withLogin('http://127.0.0.1:1', secrets['password of a dead proxy']),
    deadSocks: withLogin('socks5h://127.0.0.1:1', secrets['password of a dead proxy']),
    unusable: withLogin('gopher://127.0.0.1:1', secrets['password of a dead proxy']),
  };
  const certificate = join(folder, 'office.pem');
  writeFileSync(certificate, testCertificate.cert);
  const config = writeConfig(folder, secrets);
  const firn = new FirnCommand(join(folder, 'data'), {
    HOME: folder,
    AWS_CONFIG_FILE: config,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_GLACIER: endpoint,
    AWS_CA_BUNDLE: certificate,
    HTTPS_PROXY: proxies.http,
  });
  const printed = new Map<string, Buffer>();
  const keep = (words: string, { output, problems }: CommandResult): void => {
    printed.set(`${printed.size}: firn ${words} (output)`, Buffer.from(output));
    printed.set(`${printed.size}: firn ${words} (problems)`, Buffer.from(problems));
  };
  return {
    folder,
    secrets,
    keys,
    proxies,
    /** Host and port of a proxy that waits for what is typed. */
    askingProxy: new URL(asking.url).host,
    certificate,
    endpoint,
    dataFolder: firn.dataFolder,
    printed,
    /** Runs Firn to its end, with these variables changed. */
    run: async (args: string[], environment: Record<string, string> = {}): Promise<CommandResult> => {
      const result = await firn.with(environment).run(...args);
      keep(args.join(' '), result);
      return result;
    },
    /** Kills Firn, as a power cut would, as soon as it has printed something that matches. */
    killed: async (args: string[], when: RegExp, environment: Record<string, string> = {}): Promise<CommandResult> => {
      const child = firn.with(environment).start(...args);
      let text = '';
      const look = (chunk: Buffer): void => {
        text += chunk.toString();
        if (when.test(text)) child.kill('SIGKILL');
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      const result = await finish(child);
      keep(`${args.join(' ')} (killed)`, result);
      return result;
    },
  };
}

/** Ends TLS, and hands the bytes to a plain service on this computer. */
async function tlsInFrontOf(port: number): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer(testCertificate, (client) => {
    const service = connect(port, '127.0.0.1');
    for (const socket of [client, service]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        service.destroy();
      });
    }
    client.pipe(service).pipe(client);
  });
  server.on('tlsClientError', () => undefined);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server.listen(0, 'localhost'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** Profiles whose credentials cannot be had, each in a way that quotes something. */
function writeConfig(folder: string, secrets: Record<string, string>): string {
  const program = join(folder, 'credentials.sh');
  writeFileSync(
    program,
    `echo '${secrets['output of credential_process'] ?? ''}'\necho '${secrets['complaint of credential_process'] ?? ''}' >&2\nexit $2\n`,
  );
  const command = `sh ${program} ${secrets['command line of credential_process'] ?? ''}`;
  const config = join(folder, 'config');
  writeFileSync(
    config,
    [
      '[profile failing]',
      `credential_process = ${command} 3`,
      '[profile babbling]',
      `credential_process = ${command} 0`,
      '[profile wrong-keys]',
      'aws_access_key_id = AKIAWRONG00000000000',
      `aws_secret_access_key = ${secrets['static key of a profile'] ?? ''}`,
      '[profile sso]',
      'sso_start_url = https://office.example/start',
      'sso_region = us-east-1',
      'sso_account_id = 111122223333',
      'sso_role_name = Owner',
      '',
    ].join('\n'),
  );
  const cache = join(folder, '.aws/sso/cache');
  mkdirSync(cache, { recursive: true });
  // The name is the SHA-1 of the start URL; the file was cut off.
  writeFileSync(
    join(cache, `${sha1('https://office.example/start')}.json`),
    `{"accessToken": "${secrets['token of single sign-on'] ?? ''}" "expiresAt"`,
  );
  return config;
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
