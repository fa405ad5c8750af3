import type { Command } from 'commander';
import {
  parseBasePath,
  parseByteSize,
  parsePoolSize,
  parsePort,
  parsePositiveInteger,
  parsePositiveSeconds,
  parseSeconds,
  parseTenant,
} from './option-values.js';
import type { ServeOptions } from './serve.js';
import { changesOption, databaseOption, historyOption } from './shared-options.js';

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('Start the HTTP server.')
    .option('--port <number>', 'port to listen on; 0 for any free port', parsePort, 8080)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(databaseOption())
    .option('--default-tenant <number>', 'tenant of requests without the header X-Genesys-TenantId', parseTenant)
    .option('--base-path <path>', 'path that the API is mounted at', parseBasePath, '/')
    .option(
      '--credentials <file>',
      'users for HTTP Basic authentication, made by: dossier user add. Without it, only this machine can connect',
    )
    .option('--pool-size <number>', 'connections to a database server at most', parsePoolSize, 10)
    .option(
      '--statement-timeout <seconds>',
      'time for a database server to respond to a statement; 0 for no limit',
      parseSeconds,
      30,
    )
    .option('--max-body-bytes <number>', 'size of a JSON body at most', parseByteSize, 2 ** 20)
    .option(
      '--body-timeout <seconds>',
      'time for a body to arrive, beside what --min-body-rate adds',
      parsePositiveSeconds,
      30,
    )
    .option(
      '--min-body-rate <number>',
      'each so many bytes of a body that have arrived add a second to --body-timeout',
      parsePositiveInteger,
      1_024,
    )
    .option('--max-page-bytes <number>', 'size of the profiles on a page at most', parseByteSize, 2 ** 23)
    .option('--require-expected-revision', 'refuse changes of a profile without If-Match, with 428')
    .option('--loss-guard', 'protect every attribute and extension: refuse what clears one by leaving it out, with 409')
    .addOption(historyOption())
    .addOption(changesOption())
    .option(
      '--drain-delay <seconds>',
      'on SIGTERM, time for load balancers to notice: /server/status responds with 503 before the server stops listening',
      parseSeconds,
      0,
    )
    .option('--example', 'give tenant 1 a schema and a profile, unless it has a schema, and print curl commands to try')
    .action(async (options: ServeOptions) => {
      const { serve } = await import('./serve.js');
      await serve(options);
    });
}
