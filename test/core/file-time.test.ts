import { expect, it } from 'vitest';
import { isSameMoment, isSameOnAnotherClock } from '../../main/core/file-time.ts';

const AT = '1700000001123456789';

it.each([
  ['itself', AT, true],
  ['whole 100 nanoseconds (NTFS)', '1700000001123456700', true],
  ['whole milliseconds', '1700000001123000000', true],
  ['whole seconds (descriptions)', '1700000001000000000', true],
  ['two seconds, rounded up (FAT)', '1700000002000000000', true],
  ['two seconds, rounded down (FAT)', '1700000000000000000', true],
  ['a nanosecond later', '1700000001123456790', false],
  ['a fraction of the same second', '1700000001123456788', false],
  ['two seconds and more', '1700000004000000000', false],
  ['an hour later', '1700003601123456789', false],
])('a time is the same moment as %s: %s, %s', (_, other, expected) => {
  expect([isSameMoment(AT, other), isSameMoment(other, AT)]).toEqual([expected, expected]);
});

it.each([
  ['an hour later', '1700003601123456789', true],
  ['eleven hours before, in whole seconds', '1699960401000000000', true],
  ['half an hour later', '1700001801123456789', false],
  ['an hour and five seconds later', '1700003606123456789', false],
])('a clock of another time zone may show it %s: %s, %s', (_, other, expected) => {
  expect([isSameOnAnotherClock(AT, other), isSameOnAnotherClock(other, AT)]).toEqual([expected, expected]);
});
