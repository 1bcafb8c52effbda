import { describe, expect, test } from 'vitest';
import { parseXml, readXml, textOf } from '../../main/s3/xml.ts';
import { digestedXmlBody, isXmlText, xmlBody } from '../../main/s3/write-xml.ts';

const parse = (text: string) => parseXml(Buffer.from(text));

describe('XML is read', () => {
  test('with its entities, numbers and line ends as they were written', () => {
    const root = parse('<a><k>x &amp; &lt;y&gt; &#13;&#10;&#xe4;</k><e/><k>2</k></a>');
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ['k', 'x & <y> \r\nä'],
      ['e', ''],
      ['k', '2'],
    ]);
    expect(textOf(root, 'k')).toBe('x & <y> \r\nä');
  });

  test('after white space, as S3 sends it to keep a connection open', () => {
    expect(parse('\r\n   \n<?xml version="1.0" encoding="UTF-8"?>\n\n<a>1</a>').text).toBe('1');
  });

  test.each([
    ['cut off', '<a><b>1</b>'],
    ['cut off within a tag', '<a><b'],
    ['two documents', '<a/><b/>'],
    ['tags that cross', '<a><b></a></b>'],
    ['text alone', 'Service Unavailable'],
    ['nothing', ''],
    ['white space', '   \n'],
    ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['entities of nobody', '<a>&x;</a>'],
    ['entities of HTML', '<a>&auml;</a>'],
  ])('strictly: not %s', (_, text) => {
    expect(readXml(Buffer.from(text), 'a', () => null)).toMatchObject({ failure: { kind: 'answer-garbled' } });
  });

  test('strictly: not what is not UTF-8, and not another document than the one that was asked for', () => {
    expect(readXml(Buffer.from([0x3c, 0x61, 0x3e, 0xff]), 'a', () => null)).toMatchObject({
      failure: { detail: 'it is not UTF-8' },
    });
    expect(readXml(Buffer.from('<b/>'), 'a', () => null)).toMatchObject({ failure: { detail: 'it is a b, not a a' } });
  });

  test('however deep it is', () => {
    const depth = 20_000;
    expect(parse('<a>'.repeat(depth) + '</a>'.repeat(depth)).name).toBe('a');
  });
});

describe('XML is written', () => {
  test('so that every name comes back', () => {
    for (const key of ['a&b<c>"d\'', 'line\r\nend\tof', '  blanks ', 'räksmörgås', '😀', ']]>']) {
      const { body } = xmlBody('Delete', [['Object', [['Key', key]]]]);
      const [object] = parseXml(body).children;
      expect(object && textOf(object, 'Key')).toBe(key);
    }
  });

  test('with the digests that some requests are refused without', () => {
    expect(digestedXmlBody('A', [['B', true]]).headers).toEqual({
      'content-type': 'application/xml',
      'content-md5': '1eiWoO7RzpuylXZ7yDmjcA==',
      'x-amz-checksum-sha256': 'fGUtiTZN3G8zCoe5CLRTAYVLBaI361iTcMWBQDiGBWo=',
    });
  });

  test('only of what it can hold', () => {
    expect(['a', 'a\r\n\tb', '\u0085', '😀'].every(isXmlText)).toBe(true);
    expect(['\u0000', 'a\u0001', '\u001f', '\uffff', '\ud800'].some(isXmlText)).toBe(false);
  });
});
