import { createRequire } from 'node:module';
import { join } from 'node:path';

/** A `require` for what is installed beside Dossier or, where its place is not known, beside the application. */
export async function requireInstalled(): Promise<NodeJS.Require> {
  // Loaded on demand: what turns modules into CommonJS, such as a transform of Jest, has no `import.meta`.
  const { moduleUrl } = await import('./module-url.js').catch(() => ({ moduleUrl: undefined }));
  return createRequire(moduleUrl ?? join(process.cwd(), 'package.json'));
}
