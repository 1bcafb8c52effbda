/** Encrypts secrets with what the system offers; null where there is no keyring, and then nothing is kept. */
export interface SecretBox {
  /** Now: a keyring may be locked when Firn starts, and opened later. */
  readonly available: boolean;
  encrypt(text: string): Uint8Array;
  /** Null when this keyring cannot open it: another user, another computer, a keyring that was reset. */
  decrypt(secret: Uint8Array): string | null;
}

/** For the command line and for systems without a keyring: secrets live as long as the process. */
export const noKeyring: SecretBox = {
  available: false,
  encrypt: () => {
    throw new Error('There is no keyring');
  },
  decrypt: () => null,
};
