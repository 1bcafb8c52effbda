import { redact } from './redact.ts';

/** A chain of causes that is longer says nothing more, and might be a circle. */
const LONGEST_CHAIN = 5;

/** What was thrown, in words: its message and those of its causes that say more. Never a secret. */
export function errorText(error: unknown): string {
  const messages: string[] = [];
  let next: unknown = error;
  for (let depth = 0; depth < LONGEST_CHAIN && next !== undefined && next !== null; depth += 1) {
    const message = messageOf(next);
    if (message !== '' && !messages.some((known) => known.includes(message))) messages.push(message);
    next = next instanceof Error ? next.cause : undefined;
  }
  return redact(messages.join(': '));
}

/** The same with the places in the code where it was thrown, for logs. */
export function errorTrace(error: unknown): string {
  const traces: string[] = [];
  let next: unknown = error;
  for (let depth = 0; depth < LONGEST_CHAIN && next instanceof Error; depth += 1) {
    traces.push(`${next.name}: ${redact(messageOf(next))}${placesOf(next)}`);
    next = next.cause;
  }
  return traces.length === 0 ? errorText(error) : traces.join('\ncaused by ');
}

/** The stack begins with the message, which may look like anything. */
function placesOf({ stack = '', message }: Error): string {
  const places = stack.slice(stack.indexOf(message) + message.length);
  return redact(places.slice(Math.max(0, places.search(/\n\s+at /))));
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  // Node tries several addresses and then throws one error for all of them, without a message.
  return error instanceof AggregateError ? messageOf(error.errors[0]) : error.name;
}
