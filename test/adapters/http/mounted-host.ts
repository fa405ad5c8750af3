import type { ProfileApiOptions, Services } from 'dossier/http';
import type { RequestTarget } from './api-harness.js';

export type MountInHost = (services: Services, options: ProfileApiOptions) => RequestTarget;

/** The host through which the tests send. Undefined in process: they ask the interface itself. */
export let mountInHost: MountInHost | undefined;

/** Lets the tests send through a host. Takes effect on the test files that are loaded afterwards. */
export function sendThrough(mount: MountInHost): void {
  mountInHost = mount;
}
