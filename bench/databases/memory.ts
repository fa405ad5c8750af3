import { InMemoryProfileRepository } from 'dossier/memory';
import { JsonRoundTrip } from '../bare/json-round-trip.js';
import { Dossier } from '../dossier.js';
import type { OpenBenchDatabase } from './bench-database.js';

export const openMemory: OpenBenchDatabase = async (_connections, settings) => ({
  bare: new JsonRoundTrip(),
  dossier: new Dossier(new InMemoryProfileRepository(), settings),
  version: `Node ${process.versions.node}`,
  async close() {},
});
