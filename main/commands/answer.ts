import { type CommandName, type Reply } from '../../shared/bridge.ts';
import { type Commands, inputs } from '../../shared/contract.ts';
import type { Failure } from '../../shared/failure.ts';
import { toFailure } from '../core/failure.ts';

type Handler<N extends CommandName> = (
  input: Commands[N]['parsed'],
) => Commands[N]['output'] | Promise<Commands[N]['output']>;
export type Handlers = { [N in CommandName]: Handler<N> };

/** Parses the input, runs the handler, and turns whatever goes wrong into data. */
export async function answer<N extends CommandName>(
  name: N,
  input: unknown,
  handlers: Handlers,
  failureOf: (error: unknown) => Failure = toFailure,
): Promise<Reply<Commands[N]['output']>> {
  const parsed = inputs[name].safeParse(input);
  if (!parsed.success) {
    const detail = parsed.error.issues.map((issue) => issue.message).join('; ');
    return { ok: false, failure: { kind: 'invalid-input', detail } };
  }
  try {
    const handler: Handler<N> = handlers[name];
    return { ok: true, value: await handler(parsed.data as Commands[N]['parsed']) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}
