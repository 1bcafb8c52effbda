/** Which AWS account the requests of a client are for. */
export type AccountBinding = {
  /** Its 12 digits; null until an answer has told them. */
  number: () => string | null;
  /** Told the first number that an answer tells. */
  learned: (number: string) => void;
  /** Asks elsewhere whose the credentials are, where the service itself does not tell; null when that does not help. */
  ask?: (signal: AbortSignal) => Promise<string | null>;
};

/** "User: arn:aws:iam::111122223333:user/anna is not authorized to perform …": who asked. */
export function numberOfPrincipal(message: string): string | null {
  return /\barn:[a-z-]+:(?:iam|sts)::(\d{12}):/.exec(message)?.[1] ?? null;
}
