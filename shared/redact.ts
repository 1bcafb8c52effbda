/** What stands where a secret stood. */
const MARK = '***';
/** Shorter ones would be found in innocent words. */
const SHORTEST = 4;
/** Session tokens are replaced every hour; those of long ago are nobody's secrets any more. */
const MOST_KNOWN = 200;

const known = new Set<string>();

/**
 * Remembers a secret for as long as this thread lives, so that `redact` finds it also where no name stands before it: raw,
 * percent-encoded or in Base64.
 */
export function keepSecret(secret: string | null): void {
  if (secret === null || secret.length < SHORTEST) return;
  known.delete(secret);
  known.add(secret);
  const [oldest] = known;
  if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
}

/**
 * The text without secrets. The one filter that all text made of errors, and all that is logged, goes through: what is known to
 * be secret, and what stands where secrets stand (the login in a URL, headers, signatures, fields of credential files, the
 * command line of a program that was run).
 */
export function redact(text: string): string {
  let clean = text;
  for (const secret of known) {
    for (const form of formsOf(secret)) clean = clean.replaceAll(form, MARK);
  }
  return patterns.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), clean);
}

/** The same for data: every text in it, however deep. */
export function redactAll<T>(value: T): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((item) => redactAll<unknown>(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redactAll<unknown>(item)])) as T;
}

function formsOf(secret: string): Set<string> {
  const bytes = new TextEncoder().encode(secret);
  return new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...base64Forms(bytes)]);
}

/** Base64 of the bytes wherever they begin in a longer text: without the characters that their neighbours decide, too. */
function base64Forms(bytes: Uint8Array): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = btoa(String.fromCharCode(...new Uint8Array(offset), ...bytes)).replace(/=+$/, '');
    const first = Math.ceil((offset * 8) / 6);
    return encoded.slice(first, Math.floor(((offset + bytes.length) * 8) / 6));
  });
}

const secretHeaders = 'proxy-authorization|authorization|x-amz-security-token|set-cookie|cookie';
const secretFields =
  'secret_?access_?key|aws_secret_access_key|session_?token|aws_session_token|security_?token|access_?token|refresh_?token|id_?token|client_?secret|password|passwd|x-amz-signature|x-amz-security-token|x-amz-credential';

const patterns: readonly (readonly [RegExp, string])[] = [
  // Of a URL, all up to the last `@`: a password may hold anything.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s"'<>]*@/gi, `$1${MARK}@`],
  [new RegExp(`\\b(${secretHeaders})("?'?\\s*[:=]\\s*"?'?)[^\\r\\n"']+`, 'gi'), `$1$2${MARK}`],
  [/\b(AWS4-HMAC-SHA256\s+Credential=|Signature=)[^\s,"'&]+/gi, `$1${MARK}`],
  [/\b(Basic|Bearer|NTLM|Negotiate)\s+[A-Za-z0-9+/=._~-]{8,}/g, `$1 ${MARK}`],
  [new RegExp(`\\b(${secretFields})("?'?\\s*[:=]\\s*"?'?)[^\\s"',&}]+`, 'gi'), `$1$2${MARK}`],
  // Node quotes the whole command line, and all that the program wrote.
  [/(Command failed)(?:: |\n)[\s\S]*$/, '$1'],
  // JSON.parse quotes what it could not read.
  [/(Unexpected [^\n]*?), (?:\.\.\.)?"[\s\S]*?"(?:\.\.\.)? is not valid JSON/g, '$1: it is not valid JSON'],
];
