import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { errorText, errorTrace } from '../../shared/error-text.ts';
import { keepSecret, redact, redactAll } from '../../shared/redact.ts';

describe('text is told without', () => {
  test.each([
    ['no way to https://anna:pa#s@s/@proxy:3128 now', 'no way to https://***@proxy:3128 now'],
    ['socks5h://anna@proxy', 'socks5h://***@proxy'],
    ['Proxy-Authorization: Basic YW5uYTpzZWNyZXQ=', 'Proxy-Authorization: ***'],
    ['authorization:AWS4-HMAC-SHA256 Credential=AKID/2026, Signature=0f0f\nhost:x', 'authorization:***\nhost:x'],
    ['{"x-amz-security-token":"FwoGZX"}', '{"x-amz-security-token":"***"}'],
    ['?X-Amz-Signature=abcdef&X-Amz-Date=1', '?X-Amz-Signature=***&X-Amz-Date=1'],
    ['{"SecretAccessKey": "wJalr/K7", "Version": 1}', '{"SecretAccessKey": "***", "Version": 1}'],
    ['aws_session_token = IQoJb3', 'aws_session_token = ***'],
    ['"accessToken":"eyJ"', '"accessToken":"***"'],
    [`Unexpected token 'e', ..."ken":"eyJhbG"... is not valid JSON`, `Unexpected token 'e': it is not valid JSON`],
  ])('secrets: %s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test.each(['https://glacier.us-east-1.amazonaws.com/-/vaults', '/photos/a@b.jpg', 'The vault "secret" is empty.'])(
    'harm to innocent words: %s',
    (text) => {
      expect(redact(text)).toBe(text);
    },
  );

  test('what is known to be secret, however it is written', () => {
    const secret = 'Zugspitze/2962+m "top"';
    keepSecret(secret);
    const forms = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret),
      ...['', 'a', 'ab'].map((before) => Buffer.from(`${before}${secret}!`).toString('base64')),
    ];
    for (const form of forms) {
      expect(redact(`[${form}]`)).not.toMatch(/Zugspitze|Wnd|p1Z3NwaX|WdzcGl0/);
      expect(redact(`[${form}]`)).toContain('***');
    }
    expect(redactAll({ deep: [{ text: `a ${secret} b` }], count: 1, none: null })).toEqual({
      deep: [{ text: 'a *** b' }],
      count: 1,
      none: null,
    });
  });
});

describe('an error', () => {
  test('is told with its causes, each once', () => {
    const error = new Error('not sent', { cause: new Error('the line is cut', { cause: new Error('not sent') }) });
    expect(errorText(error)).toBe('not sent: the line is cut');
    expect(errorText(new AggregateError([new Error('first'), new Error('second')]))).toBe('first');
    expect(errorText('thrown as a text')).toBe('thrown as a text');
  });

  test('of a program says neither its command line nor what it wrote', async () => {
    const failing = promisify(exec)('echo hush-output >&2; echo "    at hush-place" >&2; exit 3 # hush-command').then(
      () => null,
    );
    const error: unknown = await failing.catch((caught: unknown) => caught);
    for (const text of [errorText(error), errorTrace(error)]) expect(text).not.toContain('hush');
    expect(errorText(error)).toBe('Command failed');
    expect(errorTrace(error)).toMatch(/^Error: Command failed\n\s+at /);
  });
});
