import { UserError } from './user-error.js';

/**
 * Imports a module that needs optional peer dependencies.
 *
 * @param packages all packages that the module needs, for the command that installs them
 * @throws UserError with that command, if one of them is not installed
 */
export async function importPeers<Module>(packages: readonly string[], load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const missing = packages.find((name) => isMissing(error, name));
    if (missing === undefined) throw error;
    throw new UserError(`The package ${missing} is not installed. Run: npm install ${packages.join(' ')}`);
  }
}

function isMissing(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') &&
    error.message.includes(`'${name}'`)
  );
}
