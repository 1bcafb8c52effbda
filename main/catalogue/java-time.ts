import { MINUTE } from '../../shared/units.ts';

/** Minutes from UTC of the zones that Java calls by these names. A name that several have is that of its largest place. */
const zones: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  WET: 0,
  WEST: 60,
  BST: 60,
  IST: 330,
  CET: 60,
  CEST: 120,
  MET: 60,
  MEST: 120,
  EET: 120,
  EEST: 180,
  MSK: 180,
  SAST: 120,
  GST: 240,
  PKT: 300,
  ICT: 420,
  WIB: 420,
  CST: -360,
  CDT: -300,
  EST: -300,
  EDT: -240,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
  AKST: -540,
  AKDT: -480,
  HST: -600,
  AST: -240,
  ADT: -180,
  NST: -210,
  NDT: -150,
  BRT: -180,
  BRST: -120,
  ART: -180,
  CLT: -240,
  CLST: -180,
  COT: -300,
  PET: -300,
  VET: -270,
  UYT: -180,
  JST: 540,
  KST: 540,
  SGT: 480,
  HKT: 480,
  PHT: 480,
  MYT: 480,
  AWST: 480,
  ACST: 570,
  ACDT: 630,
  AEST: 600,
  AEDT: 660,
  NZST: 720,
  NZDT: 780,
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const pattern =
  /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) (?:([A-Z]{2,5})|GMT([+-])(\d\d):(\d\d)) (\d{4})$/;

/**
 * Milliseconds since 1970 from a date as Java writes it, `Mon Sep 24 13:55:01 CEST 2012`; null for anything else. A zone of
 * an unknown name is taken for UTC: some hours do not matter for the age of an archive, and its name does.
 */
export function readJavaTime(text: string): number | null {
  const [, name = '', day, hour, minute, second, zone = '', sign, zoneHour, zoneMinute, year] =
    pattern.exec(text) ?? [];
  const month = months.indexOf(name);
  if (month < 0) return null;
  const offset = sign ? Number(`${sign}1`) * (Number(zoneHour) * 60 + Number(zoneMinute)) : (zones[zone] ?? 0);
  const utc = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  return new Date(utc).getUTCDate() === Number(day) ? utc - offset * MINUTE : null;
}
