// Writes docs/reference/, a page per entry point, from the doc comments: `npm run docs:reference`. With --check it only
// tells whether the pages are up to date.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = join(ROOT, 'docs/reference');

/** Each entry point has a page. */
const ENTRY_POINTS = [
  { name: 'dossier', path: 'src/index.ts', about: 'Services, errors and types for hosts.' },
  { name: 'dossier/memory', path: 'adapters/memory/index.ts', about: 'The repository in memory.' },
  {
    name: 'dossier/knex',
    path: 'adapters/knex/index.ts',
    about: 'The repository on SQL databases, and its migrations.',
  },
  { name: 'dossier/http', path: 'adapters/http/index.ts', about: 'The HTTP interface as a Hono app.' },
  { name: 'dossier/console', path: 'adapters/console/index.ts', about: 'The console for people, as a Hono app.' },
  { name: 'dossier/formats', path: 'adapters/formats/index.ts', about: 'Readers and writers of NDJSON and CSV.' },
  { name: 'dossier/inversify', path: 'adapters/inversify/index.ts', about: 'Modules for an Inversify container.' },
  { name: 'dossier/storage', path: 'src/storage/index.ts', about: 'The port, for authors of a repository.' },
  { name: 'dossier/conformance', path: 'conformance/index.ts', about: 'The tests that every repository must pass.' },
];

/** What `createDossier` makes. */
const SERVICES = ['ProfileService', 'SchemaService', 'TenantProfiles', 'TenantSchemas'];

// The tools are no dependency of the package: they are installed here when the reference is made for the first time.
if (!existsSync(join(HERE, 'node_modules'))) execFileSync('npm', ['ci', '--silent'], { cwd: HERE, stdio: 'inherit' });

const check = process.argv.includes('--check');
const folder = check ? mkdtempSync(join(tmpdir(), 'dossier-reference-')) : PAGES;
try {
  await write(folder);
  if (check) compare(pagesIn(folder), pagesIn(PAGES));
} finally {
  if (check) rmSync(folder, { recursive: true });
}

async function write(out) {
  const { Application, Comment, Converter, ReflectionKind } = await import('typedoc');
  const { MarkdownPageEvent } = await import('typedoc-plugin-markdown');
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    tsconfig: join(HERE, 'tsconfig.json'),
    entryPoints: ENTRY_POINTS.map(({ path }) => join(ROOT, path)),
    out,
    name: 'Reference',
    basePath: ROOT,
    readme: 'none',
    router: 'module',
    disableGit: true,
    disableSources: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    githubPages: false,
    sort: ['alphabetical'],
    sortEntryPoints: false,
    groupOrder: [
      'Functions',
      'Variables',
      'Classes',
      'Interfaces',
      'Type Aliases',
      'Constructors',
      'Properties',
      'Methods',
    ],
    logLevel: 'Warn',
    validation: { notExported: false, invalidLink: true, notDocumented: false },
    // One page is read from top to bottom: signatures as text, members in tables.
    flattenOutputFiles: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    expandParameters: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    typeAliasPropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    propertyMembersFormat: 'table',
    indexFormat: 'table',
    tableColumnSettings: { hideSources: true, hideDefaults: true, hideInherited: true, hideModifiers: true },
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const one of project.getReflectionsByKind(ReflectionKind.Class)) leaveOutConstruction(project, one);
  });
  app.renderer.on(MarkdownPageEvent.END, (page) => {
    page.contents = compact(page.contents);
  });
  const project = await app.convert();
  if (project === undefined || app.logger.hasErrors()) throw new Error('The sources do not compile.');
  for (const entry of project.children) {
    const { name, about } = ENTRY_POINTS.find(({ path }) => path.replace(/(\/index)?\.ts$/, '') === entry.name);
    entry.name = name;
    entry.comment = new Comment([{ kind: 'text', text: about }]);
  }
  // What a member overrides or implements is no news to who calls it.
  for (const one of Object.values(project.reflections)) {
    one.overwrites = one.inheritedFrom = one.implementationOf = undefined;
  }
  await app.generateOutputs(project);
}

/** Hosts catch errors and are given services: how to make one, and its name, would fill half of the pages. */
function leaveOutConstruction(project, one) {
  const isError = one.extendedTypes?.some(({ name }) => name === 'BaseError') ?? false;
  if (!isError && !SERVICES.includes(one.name)) return;
  for (const member of [...one.children]) {
    if (member.name === 'constructor' || (isError && member.name === 'name')) project.removeReflection(member);
  }
  if (isError) one.extendedTypes = undefined;
}

/** Leaves out what the signature says already, and lists all errors of a method under one heading. */
function compact(page) {
  return page
    .replaceAll(/^#+ Parameters\n\n\| Parameter \| Type \|\n(?:\|.*\|\n)+\n*/gm, '')
    .replaceAll(/^#+ Parameters\n\n(?:\|.*\|\n)+/gm, (table) => table.replaceAll(/^\|.*\| - \|\n/gm, ''))
    .replaceAll(/^#+ Type Parameters\n\n\| Type Parameter \|\n(?:\|.*\|\n)+\n*/gm, '')
    .replaceAll(/^(#+ Returns)\n\n.*\n+(?=#|\*\*\*|(?![\s\S]))/gm, '')
    .replaceAll(/^(#+ Returns)\n\n.*\n\n/gm, '$1\n\n')
    .replaceAll(/(?:^#+ Throws\n\n(?:.+\n)+\n*)+/gm, (throws) => {
      const errors = [...throws.matchAll(/^#+ Throws\n\n((?:.+\n)+)/gm)].map(
        ([, error]) => `- ${error.replaceAll('\n', '\n  ').trim()}\n`,
      );
      return `${/^#+ Throws/.exec(throws)}\n\n${errors.join('')}\n`;
    });
}

function pagesIn(path) {
  return new Map(readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]));
}

function compare(made, found) {
  const names = [...new Set([...made.keys(), ...found.keys()])].filter((name) => made.get(name) !== found.get(name));
  if (names.length > 0)
    throw new Error(`docs/reference is out of date (${names.join(', ')}): run npm run docs:reference.`);
}
