import type { VaultOperation } from '../../../main/practice/vaults/protocol/routes.ts';
import { MiB } from '../../../shared/units.ts';
import { refusal, type Trouble } from '../line.ts';
import { losePartOnDisk, multipartsOnDisk } from '../vault-on-disk.ts';
import { VAULT } from '../world.ts';
import { type Step, step } from './expected.ts';

export const restart = step('restart', (_, world) => world.restart());
export const crash = step('crash', (_, world) => world.crash());
export const outage = step('outage', (_, world) => {
  world.line.down();
});
export const network = step('network', (_, world) => {
  world.line.up();
});

/** Time jumps here, and no request outlives its asker by hours: what is on its way arrives before. */
export const pass = (ms: number): Step =>
  step(`pass(${ms})`, async (_, world) => {
    await world.line.quiet();
    world.pass(ms);
  });
export const moment = (ms: number): Step =>
  step(`moment(${ms})`, () => new Promise((resolve) => setTimeout(resolve, ms)));

/** The service loses a part that it has acknowledged. */
export const losePart = (index: number): Step =>
  step(`losePart(${index})`, (_, world) =>
    world.restartVault(() => {
      const [multipart] = multipartsOnDisk(world.practiceFolder, VAULT).filter(({ parts }) => parts.length > 0);
      if (!multipart) return;
      const lost = multipart.parts[index % multipart.parts.length] ?? '';
      const [first = '', last = ''] = (lost.split('.')[0] ?? '').split('-');
      world.excused.add(`bytes ${first}-${last}/*`);
      losePartOnDisk(multipart, index % multipart.parts.length);
    }),
  );

export const operations: VaultOperation[] = [
  'InitiateMultipartUpload',
  'UploadMultipartPart',
  'ListParts',
  'ListMultipartUploads',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
  'DescribeVault',
  'InitiateJob',
  'DescribeJob',
  'GetJobOutput',
];

export const troubles: Trouble[] = [
  { kind: 'cut', afterBytes: 0 },
  { kind: 'cut', afterBytes: MiB / 2 },
  { kind: 'lose-answer' },
  refusal(500, 'ServiceUnavailableException'),
  refusal(408, 'RequestTimeoutException', 'Request timed out.'),
  refusal(400, 'ThrottlingException', 'Rate exceeded'),
  { kind: 'answer', status: 503, body: '<html>Service Unavailable</html>' },
  { kind: 'change-answer', headers: { 'x-amz-sha256-tree-hash': 'b'.repeat(64) } },
];

export const trouble = (operation: VaultOperation, what: number, times: number): Step =>
  step(`trouble(${operation}, ${what}, ${times})`, (_, world) => {
    world.line.next(operation, troubles[what] ?? { kind: 'lose-answer' }, times);
  });

/** Somebody sets this computer's clock. */
export const setClock = (byMs: number): Step =>
  step(`setClock(${byMs})`, async (_, world) => {
    await world.line.quiet();
    world.clock.set(byMs);
  });

export const sleep = (ms: number): Step =>
  step(`sleep(${ms})`, async (_, world) => {
    world.app.sleep.begin();
    await world.line.quiet();
    world.pass(ms);
    world.app.sleep.end();
  });

export const refuseKeys = step('refuseKeys', (model, world) => {
  model.refusedKeys ??= world.credentials.shift() ?? null;
});
