import { expect, test } from 'vitest';
import { ask } from '../../main/aws/ask.ts';
import { ok } from '../../shared/result.ts';
import { glacierBench } from '../support/glacier-bench.ts';
import { silentServer } from '../support/https-server.ts';
import { refuse, reply, scriptedServer } from '../support/scripted-server.ts';

const bench = glacierBench();
const wrongTime = refuse(403, 'InvalidSignatureException', 'Signature expired: x (20121108T031804Z - 5 min.)');

test('a service that takes the connection and never answers is named, with the time since when', async () => {
  const { port } = await silentServer();
  const glacier = bench.open(`http://127.0.0.1:${port}`);
  const answer = await ask(glacier, (service, signal) => service.createVault('photos', signal), { patienceMs: 1100 });
  expect(answer).toMatchObject({
    failure: {
      kind: 'timed-out',
      detail: expect.stringMatching(
        new RegExp(`^127.0.0.1:${port} has not answered since \\d\\d:\\d\\d:\\d\\d, for 1 s$`),
      ) as string,
    },
  });
});

test('whoever asks may stop waiting for all of its questions at once', async () => {
  const { port } = await silentServer();
  const signal = AbortSignal.abort();
  const answer = await ask(bench.open(`http://127.0.0.1:${port}`), (service, late) => service.listVaults(late), {
    signal,
  });
  expect(answer).toMatchObject({ failure: { kind: 'timed-out' } });
});

test('an answer that teaches the right time is worth one more question, and no more', async () => {
  const server = await scriptedServer();
  const list = () => ask(bench.open(server.url), (service, signal) => service.listVaults(signal));
  server.next(wrongTime, reply(200, { json: { VaultList: [] } }));
  expect(await list()).toEqual(ok([]));
  server.next(wrongTime, wrongTime, reply(200, { json: { VaultList: [] } }));
  expect(await list()).toMatchObject({ failure: { kind: 'clock-wrong' } });
});
