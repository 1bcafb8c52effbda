import type { Account, AccountId } from '../../shared/account.ts';
import { assertNever } from '../../shared/assert.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Worker } from '../engine/worker.ts';
import type { ArchiveService } from '../places/ports/archive-service.ts';
import type { Retrieval } from './ports.ts';
import { retrievalKind } from './retrieval-kind.ts';
import { askForJob } from './steps/ask.ts';
import { awaitJobs } from './steps/await-jobs.ts';
import type { RetrievalContext, RetrievalPorts } from './steps/context.ts';
import { download } from './steps/download.ts';
import { finish } from './steps/finish.ts';

type RetrievalWorkerPorts = RetrievalPorts & {
  account: (id: AccountId) => Account | null;
  service: (account: Account) => ArchiveService;
};

/** Carries a retrieval on, a phase at a time. */
export function retrievalWorker({ account: accountOf, service, ...ports }: RetrievalWorkerPorts): Worker {
  return {
    kind: retrievalKind.name,
    async step(id, signals): Promise<Failure | null> {
      const retrieval = ports.retrievals.get(id);
      if (!retrieval) return null;
      const account = accountOf(retrieval.accountId);
      if (!account) throw new Error(`The account ${retrieval.accountId} is gone`);
      return advance(retrieval, { ...ports, ...signals, account, service: service(account) });
    },
  };
}

function advance(retrieval: Retrieval, context: RetrievalContext): Promise<Failure | null> {
  const { phase } = retrieval;
  switch (phase.kind) {
    case 'queued':
      return askForJob(retrieval, phase.asked, context);
    case 'requested':
      return awaitJobs(retrieval, phase, context);
    case 'downloading':
      return download(retrieval, context);
    case 'finishing':
      return finish(retrieval, phase, context);
    case 'retrieved':
    case 'cancelled':
      return Promise.resolve(null);
    default:
      return assertNever(phase);
  }
}
