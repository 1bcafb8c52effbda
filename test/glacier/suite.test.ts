import { describe } from 'vitest';
import { glacierBench } from '../support/glacier-bench.ts';
import { glacierSuite } from '../support/glacier-suite.ts';
import { firnPort } from '../support/suite/firn-port.ts';

const bench = glacierBench();

describe("the practice vault, seen by Firn's client", () => {
  glacierSuite((place) => firnPort(bench, place));
});
