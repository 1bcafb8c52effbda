/** An access key as it is being typed. */
export class KeyEntry {
  accessKeyId = $state('');
  secretAccessKey = $state('');
  sessionToken = $state('');
  remember = $state(false);

  constructor(accessKeyId: string, remember: boolean) {
    this.accessKeyId = accessKeyId;
    this.remember = remember;
  }

  readonly problems = $derived({
    accessKeyId: this.accessKeyId.trim() === '' ? 'Type the access key ID; it often begins with AKIA or ASIA.' : null,
    secretAccessKey: this.secretAccessKey.trim() === '' ? 'Type the secret access key that belongs to it.' : null,
  });

  get complete(): boolean {
    return this.problems.accessKeyId === null && this.problems.secretAccessKey === null;
  }

  value(): { accessKeyId: string; secretAccessKey: string; sessionToken: string | null; remember: boolean } {
    return {
      accessKeyId: this.accessKeyId.trim(),
      secretAccessKey: this.secretAccessKey.trim(),
      sessionToken: this.sessionToken.trim() || null,
      remember: this.remember,
    };
  }
}
