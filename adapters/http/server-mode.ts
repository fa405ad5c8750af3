import { MaintenanceError, type ServerMode } from 'dossier';
import type { Endpoint } from './operation.js';
import type { Services } from './services.js';

/** How long a mode that was read is relied on: each process heeds a new one within this time. */
const RELIED_ON_MS = 1_000;

/** The mode of the server (W14), which is read from the storage at most once a second, however many requests need it. */
export class ServerModeCache {
  readonly #profiles: Services['profiles'];
  #mode: Promise<ServerMode> | undefined;
  #readAt = 0;

  constructor(profiles: Services['profiles']) {
    this.#profiles = profiles;
  }

  /** The mode that the storage had at most a second ago. */
  get(): Promise<ServerMode> {
    const now = performance.now();
    if (this.#mode !== undefined && now - this.#readAt < RELIED_ON_MS) return this.#mode;
    const reading = this.#profiles.serverMode();
    this.#keep(reading, now);
    // The next request tries again.
    reading.catch(() => this.#forget(reading));
    return reading;
  }

  /** Sets the mode for all processes. This one heeds it at once. */
  async set(mode: ServerMode): Promise<void> {
    await this.#profiles.setServerMode(mode);
    this.#keep(Promise.resolve(mode), performance.now());
  }

  /** @throws MaintenanceError if the server is in maintenance */
  async requireProduction(): Promise<void> {
    if ((await this.get()) === 'maintenance') throw new MaintenanceError();
  }

  #keep(mode: Promise<ServerMode>, readAt: number): void {
    this.#mode = mode;
    this.#readAt = readAt;
  }

  #forget(mode: Promise<ServerMode>): void {
    if (this.#mode === mode) this.#mode = undefined;
  }
}

/** Whether maintenance stops an operation: changes of profiles, not of a schema, even if that changes profiles as well. */
export function changesProfiles({ method, path }: Pick<Endpoint, 'method' | 'path'>): boolean {
  return method !== 'GET' && path.startsWith('/profiles');
}
