import { shownHold } from '../../shared/wait.ts';
import { expect, test } from 'vitest';
import { EXIT } from '../../main/command-line/exit-code.ts';
import { Output } from '../../main/command-line/output.ts';
import { watchChores } from '../../main/command-line/watch-chores.ts';
import { watchInventories } from '../../main/command-line/watch-inventories.ts';
import { watchRetrievals } from '../../main/command-line/watch-retrievals.ts';
import { watchUntilSettled } from '../../main/command-line/watch.ts';
import { failures } from '../support/failures.ts';
import { refusal } from '../support/line.ts';
import { RetrievalWorld } from '../support/retrieval-world.ts';
import { valueOf } from '../support/value-of.ts';
import { VAULT } from '../support/world.ts';

class Listener extends Output {
  readonly problems: string[] = [];

  override problem(words: string): void {
    this.problems.push(words);
  }

  override event(): void {
    // What needs the user is told as a problem.
  }
}

function never(): never {
  throw new Error('Nothing was added');
}

test('a command ends and asks for a sign-in although what it watches waits for something else as well', async () => {
  const here = await RetrievalWorld.open();
  const { world } = here;
  const { app, accountId } = world;
  const { archive } = await here.store('a.raw');
  const retrieval = await here.retrieveOne(archive);
  const [inventory = never()] = app.inventories.take(accountId, [VAULT]);
  const chore = valueOf(await app.deleting.empty({ accountId, vault: VAULT }, false, world.serviceNow()));
  await world.client.createVault('other');
  world.line.next('InitiateMultipartUpload', refusal(500, 'ServiceUnavailableException'), 1000);
  const [upload = never()] = await world.add([world.file('b.raw')], { vault: 'other' });
  const holds = () => [
    app.uploads.get(upload)?.hold,
    ...[retrieval, inventory, chore].map((id) => {
      const task = app.engine.tasks.head(id);
      return task && shownHold(task, app.engine.waits.list());
    }),
  ];
  await world.until('all wait', () => holds().every((hold) => hold && hold.kind === 'backoff'));
  app.accountWaits.hold(accountId, failures['credentials-expired']);

  const output = new Listener({ json: false, quiet: false });
  const ends = await Promise.all([
    watchUntilSettled(app, [upload], output),
    watchRetrievals(app, [retrieval], output, { until: 'over' }),
    watchInventories(app, [inventory], output, { wait: true }),
    watchChores(app, [chore], output, { wait: true }),
  ]);
  expect(ends).toEqual(Array.from({ length: 4 }, () => EXIT.credentials));
  expect(output.problems.filter((words) => /credentials have expired/.test(words))).toHaveLength(4);
});
