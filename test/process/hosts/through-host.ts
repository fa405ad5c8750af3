import { sendThrough } from '../../adapters/http/mounted-host.js';
import { HOSTS, type HostName, inHost } from './in-host.js';

/** Loaded by mocha before the HTTP tests: sends them through the host that `DOSSIER_TEST_HOST` names. */
const name = process.env.DOSSIER_TEST_HOST ?? '';
if (!Object.hasOwn(HOSTS, name)) {
  throw new Error(`DOSSIER_TEST_HOST must be one of ${Object.keys(HOSTS).join(', ')}.`);
}
sendThrough((services, options) => inHost(name as HostName, services, options));
