import { describe } from 'vitest';
import { glacierSettingsSuite, glacierSuite } from '../support/glacier-suite.ts';
import { amazonPort } from '../support/suite/amazon-port.ts';

describe("the practice vault, seen by Amazon's client", () => {
  glacierSuite(amazonPort);
  glacierSettingsSuite(amazonPort);
});
