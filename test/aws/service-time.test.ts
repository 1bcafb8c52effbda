import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../shared/units.ts';
import { ServiceClock } from '../../main/aws/service-clock.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { reply, scriptedServer } from '../support/scripted-server.ts';

const bench = glacierBench();
const noon = Date.UTC(2026, 10, 22, 12);

/** An answer that says it was written at `at`. */
function vaultsAt(at: number, headers: Record<string, string> = { 'x-amzn-RequestId': 'request-1' }) {
  return reply(200, {
    json: { VaultList: [], Marker: null },
    headers: { Date: new Date(at).toUTCString(), ...headers },
  });
}

describe('the time of the service', () => {
  it('is this computer’s until the service has told its own', async () => {
    const server = await scriptedServer();
    server.next(vaultsAt(noon + 3 * MINUTE));
    const glacier = bench.open(server.url, { clock: () => noon });
    expect(glacier.now()).toBe(noon);
    await glacier.listVaults(never);
    expect(glacier.now()).toBe(noon + 3 * MINUTE);
  });

  it('is not taken from whoever else answers on the way', async () => {
    const server = await scriptedServer();
    server.next(vaultsAt(noon + HOUR, {}));
    const glacier = bench.open(server.url, { clock: () => noon });
    await glacier.listVaults(never);
    expect(glacier.now()).toBe(noon);
  });

  it('does not wander about by the second that a Date leaves out', () => {
    const clock = new ServiceClock(() => noon + 700);
    clock.observe(noon, noon + 600);
    expect(clock.now()).toBe(noon + 700);
  });

  it('is not thought to be early because an answer took long to come', () => {
    let local = noon;
    const clock = new ServiceClock(() => local);
    local += 10 * MINUTE;
    clock.observe(noon + SECOND, noon);
    expect(clock.now()).toBe(noon + 10 * MINUTE);
  });

  it('comes down again when this computer’s clock is set right', () => {
    let local = noon - HOUR;
    const clock = new ServiceClock(() => local);
    clock.observe(noon, local - 50);
    expect(clock.now()).toBe(noon);
    local = noon + MINUTE;
    clock.observe(noon + MINUTE, local - 50);
    expect(Math.abs(clock.now() - (noon + MINUTE))).toBeLessThanOrEqual(2 * SECOND);
  });
});
