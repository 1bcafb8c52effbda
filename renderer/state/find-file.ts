import type { Commands } from '../../shared/contract.ts';
import { type Relocated, describeRelocated } from '../../shared/relocation.ts';
import type { Model } from './model.svelte.ts';

/** Asks where a file is now that is not where it was, and says what came of it. */
export async function findFile(model: Model, of: Commands['files:find']['input']['of']): Promise<void> {
  const relocated = await model.run('files:find', { of });
  if (relocated) tell(model, relocated);
}

/** Goes on where missing files were found. */
export async function goOnThere(model: Model): Promise<void> {
  const relocated = await model.run('files:go-on-there', {});
  if (relocated) tell(model, relocated);
}

function tell(model: Model, relocated: Relocated): void {
  const [title = '', ...notes] = describeRelocated(relocated);
  model.messages.tell(title, notes.length > 0 ? notes.join(' ') : null);
}
