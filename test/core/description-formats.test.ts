import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Described, readDescription, writeDescription } from '../../shared/description.ts';

const modifiedAt = Date.UTC(2013, 0, 2, 3, 4, 5);
const silent = { modifiedAt: null, originalSize: null, compressed: null, encrypted: null, isFolder: null };
const swedish = 'photos/räksmörgås.jpg';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

function fastGlacier(path: string, rest = ''): string {
  return `<m><v>4</v><p>${base64(path)}</p><lm>20130102T030405Z</lm>${rest}</m>`;
}

const samples: [string, string, Partial<Described> & Pick<Described, 'path' | 'by'>][] = [
  [
    'FastGlacier 4',
    '<m><v>4</v><p>cGhvdG9zL3LDpGtzbcO2cmfDpXMuanBn</p><lm>20130102T030405Z</lm></m>',
    { path: swedish, by: 'fast-glacier', modifiedAt, isFolder: false },
  ],
  [
    'FastGlacier 4 of a compressed and encrypted file',
    '<m><v>4</v><p>Z2xhY2llci1kZy5wZGY=</p><lm>20120821T170824Z</lm><ce>1:1:4340ebcf79712dc5e3ef7d50bab98ba5:54687</ce></m>',
    {
      path: 'glacier-dg.pdf',
      by: 'fast-glacier',
      modifiedAt: Date.UTC(2012, 7, 21, 17, 8, 24),
      originalSize: 54687,
      compressed: true,
      encrypted: true,
      isFolder: false,
    },
  ],
  [
    'FastGlacier 3',
    '<m><v>3</v><p>Z2xhY2llci1kZy5wZGY=</p><lm>20120821T170824Z</lm><ce>0:1:4340ebcf79712dc5e3ef7d50bab98ba5</ce></m>',
    {
      path: 'glacier-dg.pdf',
      by: 'fast-glacier',
      modifiedAt: Date.UTC(2012, 7, 21, 17, 8, 24),
      compressed: false,
      encrypted: true,
      isFolder: false,
    },
  ],
  [
    'FastGlacier 2, with blanks between the elements',
    '<m> <v>2</v> <p> Z2xhY2llci1kZy5wZGY= </p> <lm>20120821T170824Z</lm> </m>',
    {
      path: 'glacier-dg.pdf',
      by: 'fast-glacier',
      modifiedAt: Date.UTC(2012, 7, 21, 17, 8, 24),
      isFolder: false,
    },
  ],
  [
    'FastGlacier 1',
    '<ArchiveMetadata><Path>Z2xhY2llci1kZy5wZGY=</Path><Changed>20130102T030405Z</Changed></ArchiveMetadata>',
    { path: 'glacier-dg.pdf', by: 'fast-glacier', modifiedAt, isFolder: false },
  ],
  [
    'FastGlacier for a folder',
    fastGlacier('photos/2013/'),
    { path: 'photos/2013/', by: 'fast-glacier', modifiedAt, isFolder: true },
  ],
  [
    'FastGlacier with a time that no calendar has',
    '<m><v>4</v><p>QQ==</p><lm>20130230T030405Z</lm></m>',
    { path: 'A', by: 'fast-glacier', isFolder: false },
  ],
  [
    'a script that forgot the time and the padding',
    '<m><v>4</v><p>QQ</p></m>',
    { path: 'A', by: 'fast-glacier', isFolder: false },
  ],
  [
    'a script that wrote Latin-1',
    '<m><v>4</v><p>5i5qcGc=</p><lm>20130102T030405Z</lm></m>',
    { path: 'æ.jpg', by: 'fast-glacier', modifiedAt, isFolder: false },
  ],
  [
    'mt-aws-glacier 2',
    'mt2 eyJmaWxlbmFtZSI6InBob3Rvcy9yw6Rrc23DtnJnw6VzLmpwZyIsIm10aW1lIjoiMjAxMzAxMDJUMDMwNDA1WiJ9',
    { path: swedish, by: 'mt-aws-glacier', modifiedAt, isFolder: false },
  ],
  [
    'mt-aws-glacier 1',
    'mt1 eyJmaWxlbmFtZSI6InBob3Rvcy9yw4PCpGtzbcODwrZyZ8ODwqVzLmpwZyIsIm10aW1lIjoiMjAxMzAxMDJUMDMwNDA1WiJ9',
    { path: swedish, by: 'mt-aws-glacier', modifiedAt, isFolder: false },
  ],
  [
    'mt-aws-glacier 2 with a time before 1970',
    `mt2 ${base64url('{"mtime":"19500601T000000Z","filename":"a"}')}`,
    { path: 'a', by: 'mt-aws-glacier', modifiedAt: Date.UTC(1950, 5, 1), isFolder: false },
  ],
  [
    'CloudBerry',
    '{"Path":"c:\\\\my+AF8-folder\\\\r+AOQ-ksm+APY-rg+AOU-s.jpg","UTCDateModified":"20130102T030405Z","Flags":3}',
    { path: 'c:\\my_folder\\räksmörgås.jpg', by: 'cloudberry', modifiedAt, compressed: true, encrypted: true },
  ],
  ['CloudBerry, saying little', '{"Path":"bucket/key"}', { path: 'bucket/key', by: 'cloudberry' }],
  [
    'CloudBerry with flags for neither',
    '{"Flags":0,"Path":"a"}',
    { path: 'a', by: 'cloudberry', compressed: false, encrypted: false },
  ],
  ['QNAP', '{"path":"/sample/1234.pdf","type":"file"}', { path: '/sample/1234.pdf', by: 'qnap', isFolder: false }],
  [
    'glacier-rsync',
    'grsync|/home/u/a|b.txt|1234|1357095845.25|my holidays',
    { path: '/home/u/a|b.txt', by: 'grsync', originalSize: 1234, modifiedAt: modifiedAt + 250, isFolder: false },
  ],
  ['SAGU, which deletes separators', 'homeuab.txt', { path: 'homeuab.txt', by: 'plain-name' }],
  ['git-annex', 'SHA256E-s123--abc.raw', { path: 'SHA256E-s123--abc.raw', by: 'plain-name' }],
  ['a script', '[2013] Holidays {Norway}', { path: '[2013] Holidays {Norway}', by: 'plain-name' }],
];

describe('the description of an archive', () => {
  it.each(samples)('by %s is understood', (_tool, description, told) => {
    expect(readDescription(description)).toEqual({ ...silent, ...told });
  });

  it.each(samples)('by %s is understood in quotes and blanks, too', (_tool, description, told) => {
    const wrapped = [
      `  ${description}  `,
      `"${description}"`,
      `'${description}'`,
      ` " ${description} " `,
      `"${description.replaceAll('"', '""')}"`,
      JSON.stringify(description),
    ];
    for (const text of wrapped) expect(readDescription(text)).toEqual({ ...silent, ...told });
  });

  it.each([
    '',
    '   ',
    '""',
    '<m><v>4</v><p></p><lm>20130102T030405Z</lm></m>',
    '<m><v>4</v><p>A</p><lm>20130102T030405Z</lm></m>',
    '<m><v>4</v><p>QQ===</p><lm>20130102T030405Z</lm></m>',
    '<m><v>4</v><p>&lol;</p><lm>20130102T030405Z</lm></m>',
    '<m><v>4</v><p>QQ==',
    '<ArchiveMetadata><Path>?</Path></ArchiveMetadata>',
    '{"Path":7}',
    '{"name":"a"}',
    '{"Path":"a"',
    '{"__proto__":{"Path":"a"}}',
    'mt2 eyJ9',
    `mt2 ${base64url('{"__proto__":{"filename":"a"}}')}`,
    `mt2 ${base64url('{"filename":""}')}`,
    `mt1 ${base64url('{"filename":"日本"}')}`,
    'grsync|/a|?|1|x',
  ])('that says nothing readable, like %j, is left as it is', (description) => {
    expect(readDescription(description)).toBeNull();
  });

  it.each([
    ['+AF8-', '_'],
    ['a+-b', 'a+b'],
    ['+2D3c9w-', '📷'],
    ['+AOQA9g', 'äö'],
    ['a+b.txt', 'a+b.txt'],
    ['1 + 1', '1 + 1'],
    ['C++', 'C++'],
    ['+AF9-', '+AF9-'],
  ])('by CloudBerry has in %j the name %j', (written, path) => {
    expect(readDescription(JSON.stringify({ Path: written }))?.path).toBe(path);
  });

  it('keeps control characters and steps upwards as data', () => {
    const path = '../../\u001b[2J\u0000\n<script>';
    expect(readDescription(fastGlacier(path))?.path).toBe(path);
    expect(readDescription(JSON.stringify({ path, type: 'file' }))?.path).toBe(path);
  });

  it('that is longer than Glacier allows is not looked at', () => {
    expect(readDescription('a'.repeat(10_000))).toBeNull();
  });

  it('does not change what objects are', () => {
    readDescription('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"Path":"a"}');
    readDescription(`mt2 ${base64url('{"__proto__":{"polluted":1},"filename":"a"}')}`);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  const damaged = fc
    .tuple(fc.constantFrom(...samples), fc.nat(200), fc.string({ unit: 'binary', maxLength: 5 }), fc.nat(5))
    .map(([[, text], at, inserted, dropped]) => text.slice(0, at) + inserted + text.slice(at + dropped));
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 2100 }),
    damaged,
    fc.json().map((json) => `mt2 ${base64url(json)}`),
    fc.json().map((json) => `mt1 ${Buffer.from(json, 'latin1').toString('base64url')}`),
    fc.uint8Array().map((bytes) => `mt2 ${Buffer.from(bytes).toString('base64url')}`),
    fc.json().map((json) => `{"Path":${json}}`),
    fc.string({ unit: 'binary' }).map((text) => `<m><v>4</v><p>${text}</p></m>`),
    fc.string({ unit: 'binary' }).map((text) => `grsync|${text}`),
  );

  it('of whatever text never throws, and tells of a path or of nothing', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const found = readDescription(text);
        if (!found) return;
        expect(found.path).not.toBe('');
        expect(found.path.length).toBeLessThanOrEqual(2100);
        expect(found.modifiedAt === null || Number.isSafeInteger(found.modifiedAt)).toBe(true);
        expect(found.originalSize === null || Number.isSafeInteger(found.originalSize)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no time worth mentioning, however it is made up', () => {
    const nasty = [
      '|1'.repeat(1000),
      '+A'.repeat(1000),
      '<p>'.repeat(600),
      '[{"a":'.repeat(300),
      '>20130102'.repeat(200),
    ];
    for (const text of nasty) {
      readDescription(`grsync|${text}`.slice(0, 2050));
      readDescription(`<m>${text}</m>`);
      readDescription(`{"Path":${JSON.stringify(text)}}`);
      readDescription(text);
    }
  });

  it('by Firn is one by FastGlacier', () => {
    expect(readDescription(writeDescription({ path: swedish, modifiedAt }))).toEqual(
      readDescription(fastGlacier(swedish)),
    );
  });
});
