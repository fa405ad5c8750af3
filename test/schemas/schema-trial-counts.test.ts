import { STORAGES } from '../adapters/http/storages.js';
import { describeCounts } from './schema-trial-counts.js';

for (const storage of STORAGES) if (storage.name === 'memory') describeCounts(storage);
