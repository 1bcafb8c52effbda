import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Where Debian has it; the set-up of `npm test` installs it where it can. */
export const hasRadosgw = ['radosgw', 'radosgw-admin', 'ceph', 'ceph-mon', 'ceph-osd'].every((name) =>
  existsSync(`/usr/bin/${name}`),
);

export type Radosgw = { url: string; stop: () => Promise<void> };

/** Ceph's S3 gateway on loopback, which keeps everything in memory. Takes about 15 seconds to come. */
export async function startRadosgw(): Promise<Radosgw> {
  const folder = mkdtempSync(join(tmpdir(), 'firn-radosgw-'));
  const [port = 0, ...monitors] = await freePorts(3);
  const script = join(import.meta.dirname, 'radosgw.sh');
  try {
    await promisify(execFile)('bash', [script, folder, String(port), ...monitors.map(String)], { timeout: 120_000 });
    while (!(await answers(port))) await sleep(200);
  } catch (error) {
    await end(folder);
    throw error;
  }
  return { url: `http://127.0.0.1:${port}`, stop: () => end(folder) };
}

/** Ends the daemons that left their process IDs in the folder, and removes it. */
async function end(folder: string): Promise<void> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.pid'));
  const pids = files.map((name) => Number(readFileSync(join(folder, name), 'utf8')));
  for (const pid of pids) kill(pid, 'SIGKILL');
  while (pids.some((pid) => kill(pid, 0))) await sleep(50);
  rmSync(folder, { recursive: true, force: true });
}

function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return ports;
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
