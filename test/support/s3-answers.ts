import { type Step, reply } from './scripted-server.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const xml = { 'content-type': 'application/xml', 'x-amz-request-id': 'R1' };

/** S3's way to refuse. `more`: further elements of the body. */
export function refuseS3(
  status: number,
  code: string,
  message = '',
  more = '',
  headers: Record<string, string> = {},
): Step {
  const body = `<Error><Code>${code}</Code><Message>${message}</Message>${more}<RequestId>R1</RequestId></Error>`;
  return reply(status, { text: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`, headers: { ...xml, ...headers } });
}

/** A document in S3's namespace. */
export function replyXml(root: string, inner: string, headers: Record<string, string> = {}): Step {
  return reply(200, { text: `<${root} xmlns="${NAMESPACE}">${inner}</${root}>`, headers: { ...xml, ...headers } });
}

/** Answers a HEAD, whose length is that of a body which does not come. */
export function replyHead(status: number, headers: Record<string, string> = {}): Step {
  const lines = Object.entries({ 'x-amz-request-id': 'R1', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return (socket) => socket.write(`HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n`);
}
