import type { Command } from 'commander';
import { parseBasePath, parsePort, parseTenant } from './option-values.js';
import type { ServeOptions } from './serve.js';
import { databaseOption } from './shared-options.js';

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('Serve the HTTP interface.')
    .option('--port <number>', 'port to listen on; 0 takes a free one', parsePort, 8080)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(databaseOption())
    .option('--default-tenant <number>', 'tenant of requests that name none', parseTenant)
    .option('--base-path <path>', 'path below which the interface lies', parseBasePath, '/')
    .option(
      '--credentials <file>',
      'who may call, by HTTP Basic; see the command user. Without it, this machine alone may',
    )
    .option('--example', `give tenant 1 a schema and a profile to try, unless it has a schema`)
    .action(async (options: ServeOptions) => {
      const { serve } = await import('./serve.js');
      await serve(options);
    });
}
