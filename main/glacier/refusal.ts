import { redact } from '../../shared/redact.ts';
import { SECOND } from '../../shared/units.ts';
import { timeInMessage } from '../aws/service-clock.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';

/** What the service said when it did not do as it was asked. `code` and `message` are empty when it gave none. */
export type Refusal = {
  status: number;
  code: string;
  message: string;
  requestId: string | null;
  retryAfterMs: number | null;
  /** The service's own time, milliseconds since 1970, when it told. */
  serviceTime: number | null;
};

/** Reads an answer that is no success. HTML from a load balancer and empty bodies leave only the status to go by. */
export function readRefusal({ status, headers, body }: HttpAnswer): Refusal {
  const fields = fieldsOf(body);
  // Some refusals quote the request with all its headers.
  const message = redact(text(fields, 'message', 'Message'));
  // Other services of Amazon put a namespace before the code, or a link after it.
  const code = (text(fields, 'code', 'Code', '__type') || (headers['x-amzn-errortype'] ?? '')).replace(
    /^.*#|:.*$/g,
    '',
  );
  return {
    status,
    code,
    message,
    requestId: headers['x-amzn-requestid'] ?? null,
    retryAfterMs: retryAfter(headers['retry-after']),
    serviceTime: timeInMessage(message) ?? parseDate(headers['date']),
  };
}

function fieldsOf(body: Uint8Array): Map<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return new Map(typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []);
  } catch {
    return new Map();
  }
}

function text(fields: Map<string, unknown>, ...names: string[]): string {
  for (const name of names) {
    const value = fields.get(name);
    if (typeof value === 'string') return value;
  }
  return '';
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
