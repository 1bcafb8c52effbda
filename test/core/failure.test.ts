import { describe, expect, it } from 'vitest';
import {
  type Failure,
  explain,
  explainInOneLine,
  isAccountFailure,
  isTransient,
  printable,
} from '../../shared/failure.ts';
import { failures } from '../support/failures.ts';

const all: [string, Failure][] = Object.values(failures).map((failure) => [failure.kind, failure]);

describe('a failure', () => {
  it.each(all)('of kind %s says what went wrong and what to do, each in whole sentences', (_, failure) => {
    const { title, remedy } = explain(failure);
    for (const sentence of [title, remedy]) {
      expect(sentence).toMatch(/^["\p{Lu}\d]/u);
      expect(sentence.length).toBeGreaterThan(10);
      expect(sentence).not.toMatch(/undefined|null|NaN|\[object/);
    }
    expect(remedy).toMatch(/[.?!]$/);
    expect(explainInOneLine(failure)).toBe(`${title} ${remedy}`);
  });

  it.each(all)('of kind %s stays the same on its way through JSON', (_, failure) => {
    expect(JSON.parse(JSON.stringify(failure))).toEqual(failure);
  });

  it('is cured by waiting, or is the account’s, or needs somebody: never two of them', () => {
    for (const failure of Object.values(failures)) {
      expect(isTransient(failure) && isAccountFailure(failure), failure.kind).toBe(false);
    }
  });

  it('promises to go on by itself exactly when Firn does', () => {
    const goesOn = /by itself|goes on with the time|Firn looks for it|sends them again/;
    for (const failure of Object.values(failures)) {
      expect(goesOn.test(explain(failure).remedy), failure.kind).toBe(isTransient(failure));
    }
  });

  it('quotes the request ID that Amazon’s support asks for', () => {
    expect(explain(failures['service-error']).remedy).toContain('request-1');
  });

  it('says whether the clock is slow or fast', () => {
    expect(explain({ kind: 'clock-wrong', offsetMs: 360_000 }).title).toContain('6 min slow');
    expect(explain({ kind: 'clock-wrong', offsetMs: -360_000 }).title).toContain('6 min fast');
  });

  it('shows control characters of a path instead of obeying them', () => {
    expect(printable('a\nb\u001b[31mc\u2028d')).toBe('a\\u000ab\\u001b[31mc\\u2028d');
    expect(explain({ kind: 'source-missing', path: 'a\nb' }).title).not.toContain('\n');
  });
});
