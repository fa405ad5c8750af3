import { InMemoryProfileRepository } from 'dossier/memory';
import { describeCounts } from './schema-trial-counts.js';

const open = async () => ({ repository: new InMemoryProfileRepository(), close: async () => undefined });

describeCounts({ name: 'memory', open });
