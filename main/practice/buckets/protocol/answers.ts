import { createHash } from 'node:crypto';
import type { Answer } from '../../exchange/answer.ts';
import { bareDocument, element, series } from '../xml/write.ts';
import type { Refusal } from './refusals.ts';

export function xmlAnswer(document: string, headers: Record<string, string> = {}): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/xml', ...headers },
    body: Buffer.from(document),
    committed: false,
    code: null,
  };
}

/** An answer without body. */
export function emptyAnswer(status: 200 | 202 | 204, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: null, committed: false, code: null };
}

/** What an answer becomes when it tells of a change. */
export function committed(answer: Answer): Answer {
  return { ...answer, committed: true };
}

/** An error; a HEAD request gets no more than its status. */
export function refusalAnswer(refused: Refusal, visit: { method: string; requestId: string; hostId: string }): Answer {
  const { status, code, message, details, headers } = refused;
  const told = series(Object.entries(details).map(([name, value]) => element(name, value)));
  const document = bareDocument(
    'Error',
    element('Code', code),
    element('Message', message),
    told,
    element('RequestId', visit.requestId),
    element('HostId', visit.hostId),
  );
  const answer = { ...xmlAnswer(document, headers), status, code };
  return visit.method === 'HEAD' || status === 304 ? { ...answer, headers, body: null } : answer;
}

/** The canonical ID of an account, as S3 names owners. */
export function canonicalId(accountNumber: string): string {
  return createHash('sha256').update(`canonical ${accountNumber}`).digest('hex');
}
