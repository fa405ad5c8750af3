import { InMemoryProfileRepository } from 'dossier/memory';
import { JsonRoundTrip } from '../bare/json-round-trip.js';
import { Dossier } from '../dossier.js';
import type { OpenArena } from './arena.js';

export const openMemory: OpenArena = async () => ({
  bare: new JsonRoundTrip(),
  dossier: new Dossier(new InMemoryProfileRepository()),
  version: `Node ${process.versions.node}`,
  async close() {},
});
