// Builds and tests the web front end, and does nothing when nothing changed: a hash over the inputs is
// kept beside the output. `node build.mjs build`, `node build.mjs test`; `node build.mjs format` formats the sources.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const NODE = [20, 19];
/** The most that a page which embeds the viewer has to load, German words aside. */
const VIEWER_LIMIT_BYTES = 60_000;

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'target/dist');
const koreanFont = join(root, 'target/fonts/NanumGothic');
process.chdir(root);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < NODE[0] || (major === NODE[0] && minor < NODE[1])) {
  fail(
    `The web front end needs Node ${NODE.join('.')} or later; this is ${process.versions.node}. See https://nodejs.org.`,
  );
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((name) => statSync(name).isFile())
    .sort();
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  return hash.digest('hex');
}

function isDone(stamp, hash) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

function done(stamp, hash) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, CI: '1', NO_COLOR: '1' },
  });
  if (error) fail(`${command} cannot be run (${error.code}); npm comes with Node, https://nodejs.org.`);
  if (status !== 0) fail(`${command} ${args.join(' ')} failed.`);
}

/** Runs a program of a package. */
function tool(name, ...args) {
  run(process.execPath, join('node_modules', name), ...args);
}

function install() {
  const hash = hashOf(['package.json', 'package-lock.json']);
  const stamp = 'node_modules/.indelible-installed';
  if (isDone(stamp, hash)) return;
  run('npm', 'ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error');
  done(stamp, hash);
}

const settings = ['build.mjs', 'package-lock.json', 'tsconfig.json', 'vite.config.ts'];

function build() {
  const hash = hashOf([...settings, ...filesIn('src')]);
  const stamp = 'target/dist.hash';
  if (isDone(stamp, hash) && existsSync(join(dist, 'files.txt')) && existsSync(koreanFont)) return;
  install();
  copyFont();
  tool('typescript/bin/tsc', '--noEmit');
  rmSync(dist, { recursive: true, force: true });
  tool('vite/bin/vite.js', 'build', '--logLevel', 'warn');
  // The page is served at many addresses, so it names its files from the root.
  const page = join(dist, 'console.html');
  writeFileSync(page, readFileSync(page, 'utf8').replaceAll('"./assets/', '"/assets/'));
  const files = filesIn(dist).map((file) => relative(dist, file).replaceAll('\\', '/'));
  writeFileSync(join(dist, 'files.txt'), files.map((file) => `${file}\n`).join(''));
  const size = viewerBytes('viewer.js', new Set());
  if (size > VIEWER_LIMIT_BYTES)
    fail(`The viewer has ${size} bytes gzipped; at most ${VIEWER_LIMIT_BYTES} are allowed.`);
  console.log(`Built the web front end; the viewer has ${size} bytes gzipped.`);
  done(stamp, hash);
}

/** Copies the font that the server prints Korean with, and its license, to where the server takes them from. */
function copyFont() {
  const from = join('node_modules', '@expo-google-fonts/nanum-gothic');
  mkdirSync(koreanFont, { recursive: true });
  copyFileSync(join(from, '400Regular/NanumGothic_400Regular.ttf'), join(koreanFont, 'NanumGothic-Regular.ttf'));
  copyFileSync(join(from, 'LICENSE_FONT'), join(koreanFont, 'OFL.txt'));
}

/** What a file and all that it imports at once weigh, gzipped. */
function viewerBytes(file, seen) {
  if (seen.has(file)) return 0;
  seen.add(file);
  const code = readFileSync(join(dist, file), 'utf8');
  const imports = [...code.matchAll(/(?:from|import)\s*"(\.\/[^"]+)"/g)].map(([, path]) => join(dirname(file), path));
  return gzipSync(code, { level: 9 }).length + imports.reduce((sum, path) => sum + viewerBytes(path, seen), 0);
}

/** What Prettier formats; its settings are in package.json. */
const formatted = ['*.{mjs,ts}', '{src,test}/**/*.ts'];

function format() {
  install();
  tool('prettier/bin/prettier.cjs', '--log-level=warn', '--write', ...formatted);
}

/** Always runs: seconds, and whoever counts tests finds the report. Of the formatting it looks at changed files only. */
function test() {
  install();
  const cache = ['--cache', '--cache-strategy=content', '--cache-location=target/prettier.cache'];
  tool('prettier/bin/prettier.cjs', '--log-level=warn', '--check', ...cache, ...formatted);
  tool('oxlint/bin/oxlint', '--deny-warnings', 'src', 'test');
  tool(
    'vitest/vitest.mjs',
    'run',
    '--reporter=dot',
    '--reporter=junit',
    '--outputFile.junit=target/surefire-reports/TEST-web.xml',
  );
}

switch (process.argv[2]) {
  case 'build':
    build();
    break;
  case 'test':
    test();
    break;
  case 'format':
    format();
    break;
  default:
    fail('build.mjs build, build.mjs test, or build.mjs format');
}
