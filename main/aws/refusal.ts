import { SECOND } from '../../shared/units.ts';
import type { HttpAnswer } from './http-answer.ts';
import { timeInMessage } from './service-clock.ts';

/** What a service said when it did not do as it was asked. `code` and `message` are empty when it gave none. */
export type Refusal = {
  status: number;
  code: string;
  message: string;
  requestId: string | null;
  retryAfterMs: number | null;
  /** The service's own time, milliseconds since 1970, when it told. */
  serviceTime: number | null;
};

/** The ID that the service itself gave the request; null when somebody else answered on the way. */
export function requestIdOf({ headers }: Pick<HttpAnswer, 'headers'>): string | null {
  return headers['x-amzn-requestid'] ?? headers['x-amz-request-id'] ?? null;
}

/** A refusal with the `code` and `message` that its body tells. */
export function refusalOf(answer: HttpAnswer, told: Pick<Refusal, 'code' | 'message'>): Refusal {
  const { status, headers } = answer;
  return {
    status,
    ...told,
    requestId: requestIdOf(answer),
    retryAfterMs: retryAfter(headers['retry-after']),
    serviceTime: timeInMessage(told.message) ?? parseDate(headers['date']),
  };
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfter(value: string | undefined): number | null {
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * SECOND;
  const date = parseDate(value);
  return date === null ? null : Math.max(0, date - Date.now());
}

function parseDate(value: string | undefined): number | null {
  const time = Date.parse(value ?? '');
  return Number.isNaN(time) ? null : time;
}
