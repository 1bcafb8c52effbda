import { fail, ok, type Result } from '../../../../shared/result.ts';
import { doneAnswer, jsonAnswer } from '../protocol/answers.ts';
import { type Call, type Operation, type Service, findVault, vaultArn, vaultLocation } from '../protocol/call.ts';
import { type Place, byPlace, page } from '../protocol/pages.ts';
import { readDescription } from '../protocol/parameters.ts';
import { type Rejection, rejections } from '../protocol/rejections.ts';
import { findJob, isGivenUp, outcomeOf } from '../store/jobs.ts';
import type { Job, Vault } from '../store/store.ts';
import { readJobRequest } from './job-request.ts';
import { describeJob as describe } from './job-description.ts';
import { startArchiveJob } from './archive-job.ts';
import { startInventoryJob } from './inventory-job.ts';

const starters = new Map([
  ['archive-retrieval', startArchiveJob],
  ['inventory-retrieval', startInventoryJob],
]);

/** Not idempotent: each call makes a job of its own. */
export const initiateJob: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const request = readJobRequest(call.body);
  if (!request.ok) return request;
  const description = readDescription(request.value.Description, 'Description');
  if (!description.ok) return description;
  const note = { description: description.value, snsTopic: request.value.SNSTopic ?? null };
  const start = starters.get(request.value.Type ?? '');
  if (!start) return fail(rejections.parameter('Type', String(request.value.Type)));
  const job = await start(service, vault.value, request.value, note);
  if (!job.ok) return job;
  const { jobId, work } = job.value.record;
  const location = `${vaultLocation(service, call.route.vault)}/jobs/${jobId}`;
  const answer = doneAnswer(202, { Location: location, 'x-amz-job-id': jobId });
  return ok(
    work.kind === 'archive'
      ? { ...answer, noted: { archiveId: work.archiveId, range: `bytes=${work.range.first}-${work.range.last}` } }
      : answer,
  );
};

export const describeJob: Operation = (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const job = findOwnJob(service, call, vault.value);
  return job.ok ? ok(jsonAnswer(describeOne(service, vault.value, job.value))) : job;
};

/** Jobs at work, and finished ones for as long as their output lives. */
export const listJobs: Operation = (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const wanted = readFilter(call.route.query);
  if (!wanted.ok) return wanted;
  const place = ({ record }: Job): Place => [record.createdAt, record.jobId];
  const now = service.clock();
  const jobs = [...vault.value.jobs.values()]
    .filter((job) => !isGivenUp(job, now, service.rules))
    .filter((job) => wanted.value(outcomeOf(vault.value, job, now).status));
  const listed = page(call.route.query, jobs.sort(byPlace(place)), {
    listing: `jobs of ${call.route.vault}`,
    place,
    shortfall: service.rules.pageShortfall,
  });
  if (!listed.ok) return listed;
  const { items, marker } = listed.value;
  return ok(jsonAnswer({ JobList: items.map((job) => describeOne(service, vault.value, job)), Marker: marker }));
};

export function findOwnJob(service: Service, { route }: Call, vault: Vault): Result<Job, Rejection> {
  const job = findJob(vault, route.id, service.clock(), service.rules);
  return job ? ok(job) : fail(rejections.jobMissing(route.id));
}

function describeOne(service: Service, vault: Vault, job: Job): Record<string, unknown> {
  return describe(job.record, outcomeOf(vault, job, service.clock()), vaultArn(service, vault.record.name));
}

const statusCodes = ['InProgress', 'Succeeded', 'Failed'];

function readFilter(query: ReadonlyMap<string, string>): Result<(status: string) => boolean, Rejection> {
  const completed = query.get('completed') ?? '';
  const code = query.get('statuscode') ?? '';
  if (!['', 'true', 'false'].includes(completed)) return fail(rejections.parameter('completed', completed));
  if (code !== '' && !statusCodes.includes(code)) return fail(rejections.jobStatusCode(code));
  return ok(
    (status) =>
      (completed === '' || (status !== 'InProgress') === (completed === 'true')) && (code === '' || status === code),
  );
}
