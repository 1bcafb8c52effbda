import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, renameSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { one, type Step, tamper } from './expected.ts';

export const touch = (index: number): Step =>
  one('touch', index, ({ path }, _, model) => {
    if (!existsSync(path)) return;
    tamper(model, path);
    utimesSync(path, 1, 1 + Math.random() * 1e9);
  });

export const grow = (index: number): Step =>
  one('grow', index, ({ path }, _, model) => {
    if (!existsSync(path)) return;
    tamper(model, path);
    appendFileSync(path, 'more');
  });

export const shrink = (index: number): Step =>
  one('shrink', index, ({ path }, _, model) => {
    if (!existsSync(path) || statSync(path).size < 2) return;
    tamper(model, path);
    truncateSync(path, statSync(path).size - 1);
  });

export const replace = (index: number): Step =>
  one('replace', index, ({ path }, _, model) => {
    if (!existsSync(path)) return;
    tamper(model, path);
    const other = `${path}.other`;
    writeFileSync(other, randomBytes(statSync(path).size));
    renameSync(other, path);
  });

export const unplug = (index: number): Step =>
  one('unplug', index, ({ path }) => {
    if (existsSync(path)) renameSync(path, `${path}.away`);
  });

export const plugIn = (index: number): Step =>
  one('plugIn', index, ({ path }) => {
    if (existsSync(`${path}.away`)) renameSync(`${path}.away`, path);
  });
