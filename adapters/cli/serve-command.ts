import type { Command } from 'commander';
import { parseBasePath, parsePort, parseSeconds, parseTenant } from './option-values.js';
import type { ServeOptions } from './serve.js';
import { databaseOption } from './shared-options.js';

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
