import type { IncomingHttpHeaders } from 'node:http';
import type { StoredObject, Version } from '../store/records.ts';
import { headerOf } from './call.ts';
import { type Refusal, refusal, refusals } from './refusals.ts';

/** Why an object is not handed out under the conditions of a GET or HEAD; null when it is. */
export function readingProblem(headers: IncomingHttpHeaders, { object, createdAt }: StoredObject): Refusal | null {
  const [ifMatch, ifNoneMatch] = [headerOf(headers, 'if-match'), headerOf(headers, 'if-none-match')];
  const [since, unmodified] = [timeIn(headers, 'if-modified-since'), timeIn(headers, 'if-unmodified-since')];
  const modifiedAt = Math.floor(createdAt / 1000) * 1000;
  if (ifMatch !== null && !matches(ifMatch, object.etag)) return refusals.precondition('If-Match');
  if (ifMatch === null && unmodified !== null && modifiedAt > unmodified)
    return refusals.precondition('If-Unmodified-Since');
  const isUnchanged = ifNoneMatch === null ? since !== null && modifiedAt <= since : matches(ifNoneMatch, object.etag);
  return isUnchanged ? { ...refusal(304, 'NotModified', 'Not Modified'), headers: { ETag: `"${object.etag}"` } } : null;
}

/** Why an object may not take a key under the conditions of a request; null when it may. `current`: the newest version. */
export function writingProblem(headers: IncomingHttpHeaders, key: string, current: Version | null): Refusal | null {
  const ifNoneMatch = headerOf(headers, 'if-none-match');
  const ifMatch = headerOf(headers, 'if-match');
  const etag = current?.kind === 'object' ? current.object.etag : null;
  if (ifNoneMatch !== null) {
    if (ifNoneMatch !== '*') {
      return refusals.notImplemented('If-None-Match', {
        additionalMessage: "We don't accept the provided value of If-None-Match header for this API",
      });
    }
    if (etag !== null) return refusals.precondition('If-None-Match');
  }
  if (ifMatch === null) return null;
  if (etag === null) return refusals.keyMissing(key);
  return matches(ifMatch, etag) ? null : refusals.precondition('If-Match');
}

function matches(condition: string, etag: string): boolean {
  const tags = condition.split(',').map((tag) =>
    tag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1'),
  );
  return tags.includes('*') || tags.includes(etag);
}

function timeIn(headers: IncomingHttpHeaders, name: string): number | null {
  const time = Date.parse(headerOf(headers, name) ?? '');
  return Number.isNaN(time) ? null : time;
}
