/** What Amazon's support asks for; empty when the answer had none. */
export function requestIdOf(requestId: string | null): string {
  return requestId === null ? '' : `Amazon's request ID is ${requestId}.`;
}
