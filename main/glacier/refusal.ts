import { redact } from '../../shared/redact.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import { type Refusal, refusalOf } from '../aws/refusal.ts';

/** Reads an answer that is no success. HTML from a load balancer and empty bodies leave only the status to go by. */
export function readRefusal(answer: HttpAnswer): Refusal {
  const fields = fieldsOf(answer.body);
  // Some refusals quote the request with all its headers.
  const message = redact(text(fields, 'message', 'Message'));
  // Other services of Amazon put a namespace before the code, or a link after it.
  const code = (text(fields, 'code', 'Code', '__type') || (answer.headers['x-amzn-errortype'] ?? '')).replace(
    /^.*#|:.*$/g,
    '',
  );
  return refusalOf(answer, { code, message });
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
