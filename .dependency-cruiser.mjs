// Who may import whom, types included: `npm run boundaries`. ARCHITECTURE.md says what the rooms are for.

/** What a room may import beside itself. */
const rooms = {
  shared: [],
  renderer: ['shared'],
  'main/engine': ['shared'],
  'main/core': ['main/engine', 'main/places/ports', 'shared'],
  'main/places/ports': ['main/core', 'shared'],
  'main/aws': ['main/core', 'main/places/ports', 'shared'],
  'main/glacier': ['main/aws', 'main/core', 'main/places/ports', 'main/inventories/ports.ts', 'shared'],
  'main/s3': ['main/aws', 'main/core', 'main/places/ports', 'shared'],
  'main/files': ['main/core', 'shared'],
  'main/transfer': ['main/aws', 'main/core', 'main/files', 'shared'],
  'main/practice': ['main/files/private.ts', 'shared'],
  'main/store': [
    'main/core',
    'main/engine',
    'main/files',
    'main/[a-z]+/ports.ts',
    'main/[a-z]+/[a-z-]+-kind.ts',
    'main/retrievals/retrieval-state.ts',
    'shared',
  ],
};

/** @param {string} path */
const folder = (path) => `^${path.replaceAll('.ts', '\\.ts$')}(/|$)`;

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const boundaries = Object.entries(rooms).map(([room, allowed]) => ({
  name: `${room.replace('main/', '')} imports only what it may`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { path: '^(main|shared|renderer|test|tools)/', pathNot: [`^${room}/`, ...allowed.map(folder)] },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no import runs in a circle',
      severity: 'error',
      from: { path: '^(main|shared|renderer|tools)/' },
      to: { circular: true },
    },
    ...boundaries,
    {
      name: 'the product does not import its tests and tools',
      severity: 'error',
      from: { path: '^(main|shared|renderer)/' },
      to: { path: '^(test|tools)/' },
    },
    {
      name: 'only desktop knows Electron',
      severity: 'error',
      from: { path: '^(main|shared|renderer)/', pathNot: '^main/desktop/' },
      to: { path: 'node_modules/electron/|^electron$' },
    },
    {
      name: 'no file lies loose in main',
      severity: 'error',
      from: { path: '^main/[^/]+$' },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|\\.local)/' },
    cache: { folder: '.local/boundaries', strategy: 'metadata' },
  },
};
