#!/usr/bin/env node
// Stands in for fpm in test builds: makes a deb or an rpm from the arguments that electron-builder gives, with Debian's own
// programs. An argument that it does not know ends it, so that nothing is left out unseen.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Options with a value, by what they are called here. */
const named = new Set([
  ...['s', 't', 'architecture', 'after-install', 'after-remove', 'description', 'version', 'package', 'name'],
  ...['maintainer', 'vendor', 'url', 'category', 'license', 'iteration', 'log'],
  ...['deb-priority', 'deb-compression', 'rpm-compression', 'rpm-summary', 'rpm-os'],
]);

/** @typedef {{ from: string, to: string }} Mapping */

function read(/** @type {string[]} */ args) {
  /** @type {Record<string, string>} */
  const values = {};
  /** @type {string[]} */
  const depends = [];
  /** @type {string[]} */
  const recommends = [];
  /** @type {Mapping[]} */
  const files = [];
  const rest = args.filter((arg) => arg !== '--force' && arg !== '--debug');
  while (rest.length > 0) {
    const word = String(rest.shift());
    const name = word.replace(/^--?/, '');
    if (word === '-d') depends.push(String(rest.shift()));
    else if (word === '--deb-recommends') recommends.push(String(rest.shift()));
    else if (word.startsWith('-') && named.has(name)) values[name] = String(rest.shift());
    else if (word.startsWith('-')) throw new Error(`fpm.mjs does not know ${word}`);
    else {
      const at = word.lastIndexOf('=');
      files.push({ from: word.slice(0, at), to: word.slice(at + 1) });
    }
  }
  return { values, depends, recommends, files };
}

const { values, depends, recommends, files } = read(process.argv.slice(2));
const of = (/** @type {string} */ name) => values[name] ?? '';
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'firn-fpm-'));
const root = path.join(work, 'root');
const [firstLine = '', ...furtherLines] = of('description')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '');

function run(/** @type {string} */ command, /** @type {string[]} */ args) {
  execFileSync(command, args, { stdio: ['ignore', 2, 2] });
}

function copyFiles() {
  for (const { from, to } of files)
    fs.cpSync(from, path.join(root, to), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  run('chmod', ['-R', 'u+rwX,go+rX,go-w', root]);
}

function buildDeb() {
  const control = path.join(root, 'DEBIAN');
  fs.mkdirSync(control);
  const size = execFileSync('du', ['-sk', root], { encoding: 'utf8' }).split('\t')[0];
  const fields = {
    Package: of('name'),
    Version: of('version'),
    Architecture: of('architecture'),
    Maintainer: of('maintainer'),
    'Installed-Size': size,
    Depends: depends.join(', '),
    Recommends: recommends.join(', '),
    Section: of('category') || 'default',
    Priority: of('deb-priority'),
    Homepage: of('url'),
    Description: [firstLine, ...furtherLines.map((line) => ` ${line}`)].join('\n'),
  };
  const lines = Object.entries(fields).filter(([, value]) => value !== '');
  fs.writeFileSync(path.join(control, 'control'), lines.map(([name, value]) => `${name}: ${value}\n`).join(''));
  fs.copyFileSync(of('after-install'), path.join(control, 'postinst'));
  fs.copyFileSync(of('after-remove'), path.join(control, 'postrm'));
  run('chmod', ['755', path.join(control, 'postinst'), path.join(control, 'postrm')]);
  const method = of('deb-compression') === 'gz' ? 'gzip' : 'xz';
  run('dpkg-deb', ['--root-owner-group', `-Z${method}`, '--build', root, of('package')]);
}

function buildRpm() {
  const scripts = { post: of('after-install'), postun: of('after-remove') };
  const spec = [
    ...[`Name: ${of('name')}`, `Version: ${of('version')}`, 'Release: 1', `Summary: ${of('rpm-summary') || firstLine}`],
    ...[`License: ${of('license')}`, `URL: ${of('url')}`, `Vendor: ${of('vendor')}`, 'AutoReqProv: no'],
    ...depends.map((name) => `Requires: ${name}`),
    ...['%description', firstLine, ...furtherLines],
    ...Object.entries(scripts).flatMap(([name, file]) => [`%${name}`, fs.readFileSync(file, 'utf8')]),
    ...['%files', ...files.map(({ to }) => `"${to}"`)],
  ].join('\n');
  fs.writeFileSync(path.join(work, 'firn.spec'), `${spec}\n`);
  const payload = of('rpm-compression') === 'gzip' ? 'w1.gzdio' : 'w6T0.xzdio';
  const macros = {
    _topdir: work,
    _rpmdir: work,
    _rpmfilename: 'firn.rpm',
    _binary_payload: payload,
    __os_install_post: '%{nil}',
    debug_package: '%{nil}',
    _build_id_links: 'none',
  };
  const defines = Object.entries(macros).flatMap(([name, value]) => ['-D', `${name} ${value}`]);
  run('rpmbuild', ['-bb', '--target', of('architecture'), '--buildroot', root, ...defines, `${work}/firn.spec`]);
  fs.copyFileSync(path.join(work, 'firn.rpm'), of('package'));
}

try {
  copyFiles();
  fs.mkdirSync(path.dirname(of('package')), { recursive: true });
  if (of('t') === 'deb') buildDeb();
  else if (of('t') === 'rpm') buildRpm();
  else throw new Error(`fpm.mjs makes no ${of('t')}`);
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}
