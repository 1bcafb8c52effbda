import type { Client } from './client.ts';

/** Turns operations, which take a client first, into ones of that client. */
export function binder(client: Client) {
  return <Rest extends unknown[], Answer>(operation: (client: Client, ...rest: Rest) => Answer) =>
    (...rest: Rest): Answer =>
      operation(client, ...rest);
}
