/**
 * For bytes that are sent more than once: each attempt counts its own from the beginning, and what an earlier one has reported is
 * not reported again. The returned function begins an attempt.
 */
export function countOnce(report: (bytes: number) => void): () => (bytes: number) => void {
  let reported = 0;
  return () => {
    let sent = 0;
    return (bytes) => {
      sent += bytes;
      if (sent > reported) report(sent - reported);
      reported = Math.max(reported, sent);
    };
  };
}
