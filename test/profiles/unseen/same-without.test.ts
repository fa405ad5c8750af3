import { InMemoryProfileRepository } from 'dossier/memory';
import { describeSameWithout } from './same-without.js';

describeSameWithout('memory', async () => new InMemoryProfileRepository());
