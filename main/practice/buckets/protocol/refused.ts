import type { Refusal } from './refusals.ts';

/** Ends the reading of a body that cannot be right. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.code);
  }
}
