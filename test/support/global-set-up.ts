import { buildForTests } from '../../tools/build.mjs';

/** Crash tests and worker threads run what is built, so it is built first, unless nothing has changed. */
export async function setup(): Promise<void> {
  await buildForTests();
}
