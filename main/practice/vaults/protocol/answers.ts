import type { Answer } from '../../exchange/answer.ts';
import type { Rejection } from './rejections.ts';

export function jsonAnswer(value: unknown): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: Buffer.from(JSON.stringify(value)),
    committed: false,
    code: null,
  };
}

/** An answer without body after a change. */
export function doneAnswer(status: 201 | 202 | 204, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: null, committed: true, code: null };
}

export function rejectionAnswer({ status, code, message, type, layer }: Rejection): Answer {
  const body = layer === 'signature' ? { message, code, type } : { code, message, type };
  return { ...jsonAnswer(body), status, code };
}
