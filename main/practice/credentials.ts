/** Keys that the practice vault accepts. All belong to its one account. */
export type PracticeCredentials = {
  accessKeyId: string;
  secretAccessKey: string;
  /** Temporary keys come with a token, which every request must carry. */
  sessionToken?: string | null;
  /** Milliseconds since 1970; null for keys that do not expire. */
  expiresAt?: number | null;
};

/** Known to everybody: the practice vault listens on loopback only and guards nothing. */
export const PRACTICE_CREDENTIALS: PracticeCredentials = {
  accessKeyId: 'AKIAPRACTICEVAULT000',
  secretAccessKey: 'practice/vault/secret/that/guards/nothing',
};

export const PRACTICE_ACCOUNT_NUMBER = '111122223333';
