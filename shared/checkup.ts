/** One thing that the doctor looked at. `remedy` is null when there is nothing to mend. */
export type Finding = {
  /** What was looked at, as in "Clock". */
  subject: string;
  /** `warning`: Firn works without it, but not all of Firn. `unknown`: it could not be found out. */
  status: 'ok' | 'warning' | 'problem' | 'unknown';
  words: string;
  remedy: string | null;
};

export type Checkup = {
  findings: Finding[];
  /** The least that an IAM policy must allow, as JSON text. */
  policy: string;
};
