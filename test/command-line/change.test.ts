import { expect, test } from 'vitest';
import { FirnCommand } from '../support/firn-command.ts';
import { refusal } from '../support/line.ts';
import { RetrievalWorld } from '../support/retrieval-world.ts';
import { World } from '../support/world.ts';

const changes = ['pause', 'resume', 'cancel'] as const;

function never(): never {
  throw new Error('Nothing was added');
}

test('what is over is not said to be paused, resumed or cancelled', async () => {
  const here = await RetrievalWorld.open();
  const { archive } = await here.store('a.raw');
  const retrieval = await here.retrieveOne(archive);
  await here.world.app.retrievals.cancel([retrieval]);
  const [upload = never()] = here.world.app.uploads.list();
  await here.world.quit();
  const firn = new FirnCommand(here.world.dataFolder, {});
  for (const change of changes) {
    for (const id of [retrieval, upload.id]) {
      const { code, output, problems } = await firn.run(change, id);
      expect([code, output]).toEqual([1, '']);
      expect(problems).toMatch(/a\.raw: it is over already\./);
    }
  }
});

test('an upload that is being cancelled is not said to be paused', async () => {
  const world = await World.open();
  world.line.next('AbortMultipartUpload', refusal(500, 'ServiceUnavailableException'), 1000);
  const gate = world.line.gate('UploadMultipartPart');
  const [id = never()] = await world.add([world.file('a.raw')]);
  await gate.arrived;
  await world.app.queue.pause([id]);
  gate.open();
  await world.app.queue.cancel([id]);
  expect(world.state(id)).toMatch(/^aborting/);
  await world.quit();
  const { code, output, problems } = await new FirnCommand(world.dataFolder, {}).run('pause', id);
  expect([code, output]).toEqual([1, '']);
  expect(problems).toMatch(/a\.raw is being cancelled; that cannot be paused\./);
});
