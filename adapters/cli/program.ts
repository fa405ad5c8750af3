import { createRequire } from 'node:module';
import { Command, Option } from 'commander';
import { parseBasePath, parseDatabase, parsePort, parseTenant } from './option-values.js';
import { type ServeOptions, serve } from './serve.js';

const DEFAULT_DATABASE = 'sqlite:./dossier.db';

/** The command line of `dossier`. */
export function createProgram(): Command {
  const { version } = createRequire(import.meta.url)('dossier/package.json') as { version: string };
  const program = new Command('dossier')
    .description('Keeps customer profiles, and replaces them without losing any.')
    .version(version);
  program
    .command('serve')
    .description('Serve the HTTP interface.')
    .option('--port <number>', 'port to listen on; 0 takes a free one', parsePort, 8080)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(
      new Option('--database <location>', 'sqlite:FILE, which is made if it is not there, or memory:')
        .argParser(parseDatabase)
        .default(parseDatabase(DEFAULT_DATABASE), DEFAULT_DATABASE),
    )
    .option('--default-tenant <number>', 'tenant of requests that name none', parseTenant)
    .option('--base-path <path>', 'path below which the interface lies', parseBasePath, '/')
    .option('--example', `give tenant 1 a schema and a profile to try, unless it has a schema`)
    .action((options: ServeOptions) => serve(options));
  return program;
}
