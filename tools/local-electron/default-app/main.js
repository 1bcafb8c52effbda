// Stands in for the default app of Electron: `electron [flags] <folder or file> [arguments]`. An ES module with top-level
// await, because Electron sends `ready` only after that, and an app must act before it (privileged schemes).
import { app } from 'electron';
import fs from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Flags are Chromium's, except the few that Electron's own default app knows. */
function readArguments(args) {
  const preloads = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index];
    if (arg === '-v' || arg === '--version') return { print: `v${process.versions.electron}` };
    if (arg === '-a' || arg === '--abi') return { print: process.versions.modules };
    if (arg === '-r' || arg === '--require') preloads.push(args[(index += 1)]);
    else if (arg.startsWith('--app=')) return { target: arg.slice('--app='.length), preloads };
    else if (!arg.startsWith('-')) return { target: arg, preloads };
  }
  return { print: 'Usage: electron <folder or file> [arguments]' };
}

function describe(packageJson) {
  const description = JSON.parse(fs.readFileSync(packageJson, 'utf8'));
  if (description.version) app.setVersion(description.version);
  app.name = description.productName ?? description.name ?? app.name;
  app.setDesktopName(description.desktopName ?? `${app.name}.desktop`);
}

async function start(target) {
  const folder = path.resolve(target);
  const packageJson = path.join(folder, 'package.json');
  const hasPackage = fs.existsSync(packageJson);
  if (hasPackage) describe(packageJson);
  const script = Module._resolveFilename(folder, null, true);
  app.setAppPath(hasPackage ? folder : path.dirname(script));
  await import(pathToFileURL(script).href);
}

const { print, target, preloads } = readArguments(process.argv.slice(1));
if (print !== undefined) {
  console.log(print);
  process.exit(0);
}
if (preloads.length > 0) Module._preloadModules(preloads);
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
try {
  await start(target);
} catch (error) {
  console.error(`The app at ${path.resolve(target)} could not be started.\n${error.stack ?? error}`);
  process.exit(1);
}
